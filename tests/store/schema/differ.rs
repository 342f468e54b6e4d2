//! Where the two schemas differ, and which differences are meant.

use std::collections::BTreeSet;

use super::read::{Column, Schema, Table};

/// A difference, as it is named here, and its reason. `*` stands for anything.
pub(super) const MEANT: &[(&str, &str)] = &[
    ("*: CHECK *_is_boolean on SQLite only", "PostgreSQL has a type for it"),
    ("*: CHECK *_is_json on SQLite only", "PostgreSQL has a type for it"),
    ("*: CHECK *_are_json on SQLite only", "PostgreSQL has a type for it"),
    ("*: CHECK *_is_a_date on SQLite only", "PostgreSQL has a type for it"),
    (
        "claude_jobs: CHECK kind_refs on SQLite only",
        "`kind_says_of_what` says more, and SQLite drops no CHECK",
    ),
    (
        "outbox: index outbox_* on PostgreSQL only",
        "several transactions write at a time there, so that the order is not that of the key",
    ),
    (
        "transition_rules: trigger transition_rules_no_* on SQLite only",
        "one trigger of PostgreSQL refuses every statement",
    ),
    (
        "transition_rules: trigger transition_rules_fixed on PostgreSQL only",
        "one trigger of PostgreSQL refuses every statement",
    ),
    ("ledger: CHECK attempt_in_range on PostgreSQL only", "SQLite adds no CHECK: a trigger says it"),
    ("ledger*: CHECK *at_is_in_milliseconds on PostgreSQL only", "SQLite keeps whole milliseconds"),
    ("*: trigger *_no_truncate on PostgreSQL only", "SQLite has no TRUNCATE"),
];

/// A type of SQLite, and the types of PostgreSQL that say the same or more.
const TYPES: &[(&str, &[&str])] = &[
    ("TEXT", &["text", "jsonb", "json", "date"]),
    ("INTEGER", &["bigint", "timestamptz", "boolean"]),
    ("REAL", &["double precision", "numeric(12,6)"]),
];

pub(super) fn differences(sqlite: &Schema, postgres: &Schema) -> Vec<String> {
    let mut found = Vec::new();
    sides("table", "", sqlite.keys(), postgres.keys(), &mut found);
    for (name, here) in sqlite {
        let Some(there) = postgres.get(name) else { continue };
        table(name, here, there, &mut found);
    }
    found
}

/// Whether a difference is one of those that are meant.
pub(super) fn is_meant(difference: &str, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split('*').collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    if parts.len() == 1 {
        return difference == pattern;
    }
    let Some(mut rest) = difference.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    parts[1..parts.len() - 1].iter().all(|part| {
        let at = rest.find(part);
        rest = at.map_or("", |at| &rest[at + part.len()..]);
        at.is_some()
    })
}

fn sides<'a>(
    what: &str,
    of: &str,
    sqlite: impl Iterator<Item = &'a String>,
    postgres: impl Iterator<Item = &'a String>,
    found: &mut Vec<String>,
) {
    let (here, there): (BTreeSet<_>, BTreeSet<_>) = (sqlite.collect(), postgres.collect());
    found.extend(here.difference(&there).map(|name| format!("{of}{what} {name} on SQLite only")));
    found.extend(there.difference(&here).map(|name| format!("{of}{what} {name} on PostgreSQL only")));
}

fn table(name: &str, here: &Table, there: &Table, found: &mut Vec<String>) {
    let of = format!("{name}: ");
    let names = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    sides("column", &of, names(here).iter(), names(there).iter(), found);
    for column in &here.columns {
        if let Some(other) = there.column(&column.name) {
            found.extend(differing(column, other).map(|what| format!("{of}column {}: {what}", column.name)));
        }
    }
    if here.primary != there.primary {
        found.push(format!("{of}primary key {:?} and {:?}", here.primary, there.primary));
    }
    if here.uniques != there.uniques {
        found.push(format!("{of}unique keys {:?} and {:?}", here.uniques, there.uniques));
    }
    if here.keys != there.keys {
        found.push(format!("{of}foreign keys {:?} and {:?}", here.keys, there.keys));
    }
    sides("CHECK", &of, here.checks.keys(), there.checks.keys(), found);
    sides("index", &of, here.indexes.keys(), there.indexes.keys(), found);
    for (name, index) in &here.indexes {
        let Some(other) = there.indexes.get(name) else { continue };
        let is_partial = |text: &str| text.contains(" WHERE ");
        if (index.is_unique, &index.columns, is_partial(&index.text))
            != (other.is_unique, &other.columns, is_partial(&other.text))
        {
            found.push(format!("{of}index {name}: {} and {}", index.text, other.text));
        }
    }
    sides("trigger", &of, here.triggers.iter(), there.triggers.iter(), found);
}

fn differing(here: &Column, there: &Column) -> Option<String> {
    let fits = TYPES.iter().any(|(kind, kinds)| *kind == here.kind && kinds.contains(&there.kind.as_str()));
    if !fits {
        return Some(format!("{} and {}", here.kind, there.kind));
    }
    if (here.is_null, here.is_made) != (there.is_null, there.is_made) {
        return Some(format!(
            "NULL {} and {}, made {} and {}",
            here.is_null, there.is_null, here.is_made, there.is_made
        ));
    }
    let (mine, other) = (plain(here.default.as_deref()), plain(there.default.as_deref()));
    (mine != other).then(|| format!("DEFAULT {mine} and {other}"))
}

/// A default without the type that PostgreSQL notes with it, and a time or a boolean as its number.
fn plain(default: Option<&str>) -> String {
    let text = default.unwrap_or("none").split("::").next().unwrap_or_default();
    match text {
        "false" | "FALSE" | "'1970-01-01 00:00:00+00'" => "0".to_owned(),
        "true" | "TRUE" => "1".to_owned(),
        text => text.to_owned(),
    }
}
