//! The page that shows the schema.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::meant::{ABSENT, AWAITED, TABLES};
use super::read::{Index, Key, Schema, Table};

/// The names of the statements that each index serves.
pub(super) type Served = BTreeMap<String, BTreeSet<String>>;

const HEAD: &str = "# The schema

Made by a test from the live schema of both databases, and compared with it; do not edit. A statement is named as in
`src/store/sql`. CHECKs are in SQLite's words. Where a column has two types, the first is SQLite's. A table with
`status`, `status_event` and `ledger_seq` is a [machine](transitions.md): its status moves along the law only, with a
row of the ledger.

";

pub(super) fn page(sqlite: &Schema, postgres: &Schema, served: &Served, meant: &[(String, &str)]) -> String {
    let mut page = HEAD.to_owned();
    picture(&mut page, sqlite);
    for (subject, tables) in TABLES {
        writeln!(page, "## {subject}\n").unwrap();
        for (name, what) in *tables {
            writeln!(page, "### {name}\n\n{what}\n").unwrap();
            table(&mut page, &sqlite[*name], &postgres[*name], served);
        }
    }
    page += "## Where the databases differ\n\n";
    for (difference, why) in meant {
        writeln!(page, "- {difference}: {why}.").unwrap();
    }
    page += "\n## What the original has and this has not\n\n| there | why not here |\n|---|---|\n";
    for (what, why) in ABSENT {
        writeln!(page, "| {what} | {why} |").unwrap();
    }
    page
}

/// The tables and their references.
fn picture(page: &mut String, schema: &Schema) {
    *page += "## Picture\n\n```mermaid\nerDiagram\n";
    for (name, table) in schema {
        for Key { columns, table: to, .. } in &table.keys {
            let always = columns.iter().all(|column| table.column(column).is_some_and(|c| !c.is_null));
            let only = table.primary == *columns || table.uniques.contains(columns);
            let (one, many) = (if always { "||" } else { "|o" }, if only { "o|" } else { "o{" });
            writeln!(page, "    {to} {one}--{many} {name} : {}", columns.join("_")).unwrap();
        }
    }
    for name in schema.keys() {
        let referred = schema.values().flat_map(|table| &table.keys).any(|key| key.table == *name);
        if schema[name].keys.is_empty() && !referred {
            writeln!(page, "    {name}").unwrap();
        }
    }
    *page += "```\n\n";
}

fn table(page: &mut String, here: &Table, there: &Table, served: &Served) {
    *page += "| column | type | NULL | default |\n|---|---|---|---|\n";
    for column in &here.columns {
        let kind = there.column(&column.name).map_or("", |other| other.kind.as_str());
        let made = if column.is_made { ", made" } else { "" };
        let null = if column.is_null { "yes" } else { "" };
        let default = column.default.as_ref().map(|text| format!("`{text}`")).unwrap_or_default();
        writeln!(page, "| {} | {}, {kind}{made} | {null} | {default} |", column.name, column.kind).unwrap();
    }
    writeln!(page, "\n- Primary key: {}", here.primary.join(", ")).unwrap();
    for unique in &here.uniques {
        writeln!(page, "- Unique: {}", unique.join(", ")).unwrap();
    }
    for Key { columns, table, to, on_delete } in &here.keys {
        writeln!(page, "- {} → {table} ({}), {on_delete}", columns.join(", "), to.join(", ")).unwrap();
    }
    for (name, text) in &here.checks {
        writeln!(page, "- CHECK {name}: `{text}`").unwrap();
    }
    let all: BTreeSet<&String> = here.indexes.keys().chain(there.indexes.keys()).collect();
    for name in all {
        let index = here.indexes.get(name).or(there.indexes.get(name)).unwrap();
        let unique = if index.is_unique { "Unique index" } else { "Index" };
        let why = why(name, index, here, served).unwrap_or_default();
        writeln!(page, "- {unique} {name} `{}`: {why}", index.text).unwrap();
    }
    let all: BTreeSet<&String> = here.triggers.union(&there.triggers).collect();
    if !all.is_empty() {
        let names: Vec<&str> = all.into_iter().map(String::as_str).collect();
        writeln!(page, "- Triggers: {}", names.join(", ")).unwrap();
    }
    page.push('\n');
}

/// What an index is there for.
pub(super) fn why(name: &str, index: &Index, table: &Table, served: &Served) -> Option<String> {
    let mut reasons = Vec::new();
    if let Some(statements) = served.get(name) {
        reasons.extend(statements.iter().cloned());
    }
    if index.is_unique {
        reasons.push("the rule".to_owned());
    }
    let first = index.columns.first().cloned().flatten();
    let key = table.keys.iter().find(|key| key.columns.first() == first.as_ref());
    if let (true, Some(key)) = (reasons.is_empty(), key) {
        reasons.push(format!("the reference to {}", key.table));
    }
    if let (true, Some((_, what))) = (reasons.is_empty(), AWAITED.iter().find(|(index, _)| *index == name)) {
        reasons.push(format!("{what}, to come"));
    }
    (!reasons.is_empty()).then(|| reasons.join(", "))
}
