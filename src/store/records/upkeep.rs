//! What a person who keeps a database asks of it: its schema, its sizes, whether it is sound.

/// Which version of the schema a database has, beside those that this program knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Schema {
    /// The version found; 0 where there are no tables yet.
    pub found: i64,
    /// The newest version this program knows.
    pub known: i64,
    /// What is missing, in order.
    pub pending: Vec<Migration>,
}

/// A step from one version of the schema to the next.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Migration {
    /// The version after it.
    pub version: i64,
    /// What it is about, in a word or two.
    pub name: String,
}

/// The state of a database, apart from what stands in its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extent {
    /// All of it, in bytes.
    pub bytes: i64,
    /// The tables, by name.
    pub tables: Vec<TableExtent>,
    /// The rows were estimated, not counted.
    pub estimated: bool,
    /// The settings that decide what survives a crash, and how the database is reached.
    pub settings: Vec<Setting>,
}

/// A table's size.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableExtent {
    /// The table.
    pub name: String,
    /// Its rows; none where a database has not estimated them yet.
    pub rows: Option<i64>,
    /// The table with its indexes, in bytes.
    pub bytes: i64,
}

/// A setting of the database.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Setting {
    /// Its name, as the database calls it.
    pub name: String,
    /// Its value, as connections of this program have it.
    pub value: String,
}

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// What was looked at.
    pub what: &'static str,
    /// What is wrong, each naming what it is about.
    pub findings: Vec<String>,
    /// Why it could not be looked at, where it could not.
    pub skipped: Option<String>,
}

impl Check {
    /// What was found.
    #[must_use]
    pub fn of(what: &'static str, findings: Vec<String>) -> Self {
        Self { what, findings, skipped: None }
    }

    /// It could not be looked at.
    #[must_use]
    pub fn skipped(what: &'static str, why: impl Into<String>) -> Self {
        Self { what, findings: Vec::new(), skipped: Some(why.into()) }
    }
}

/// A copy of a database in a file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Saved {
    /// The file.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// The version of its schema, read from the copy.
    pub schema: i64,
}

/// An edge of the law, as the database has it: machine, status before, event, status after.
pub type Rule = (String, String, String, String);
