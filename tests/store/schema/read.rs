//! A schema as it was read from a database.

use std::collections::{BTreeMap, BTreeSet};

/// Tables by name.
pub(super) type Schema = BTreeMap<String, Table>;

#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) primary: Vec<String>,
    pub(super) uniques: BTreeSet<Vec<String>>,
    pub(super) keys: BTreeSet<Key>,
    /// Names of CHECKs, with their texts.
    pub(super) checks: BTreeMap<String, String>,
    /// Indexes that are made by name.
    pub(super) indexes: BTreeMap<String, Index>,
    pub(super) triggers: BTreeSet<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_null: bool,
    pub(super) default: Option<String>,
    pub(super) is_made: bool,
}

/// A reference to another table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) columns: Vec<String>,
    pub(super) table: String,
    pub(super) to: Vec<String>,
    pub(super) on_delete: String,
}

#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) is_unique: bool,
    /// Its columns; an expression is nameless.
    pub(super) columns: Vec<Option<String>>,
    /// What stands behind the name of the table.
    pub(super) text: String,
}

impl Table {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A text in one line.
pub(super) fn flat(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default());
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
