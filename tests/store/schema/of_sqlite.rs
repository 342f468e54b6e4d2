//! The schema of a SQLite file.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::sqlite::SqliteConnection;

use super::read::{Column, Index, Key, Schema, Table, flat};

pub(super) async fn schema(raw: &mut SqliteConnection) -> Schema {
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' \
         AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(&mut *raw)
    .await
    .unwrap();
    let mut schema = Schema::new();
    for (name, sql) in tables {
        let table = Table {
            columns: columns(raw, &name).await,
            primary: primary(raw, &name).await,
            uniques: uniques(raw, &name).await,
            keys: keys(raw, &name).await,
            checks: checks(&sql),
            indexes: indexes(raw, &name).await,
            triggers: triggers(raw, &name).await,
        };
        schema.insert(name, table);
    }
    schema
}

async fn columns(raw: &mut SqliteConnection, table: &str) -> Vec<Column> {
    let rows: Vec<(String, String, bool, Option<String>, i64, i64)> = sqlx::query_as(
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo($1) ORDER BY cid",
    )
    .bind(table)
    .fetch_all(raw)
    .await
    .unwrap();
    let column = |(name, kind, is_set, default, pk, hidden): (_, String, bool, _, i64, i64)| Column {
        name,
        kind: kind.replace(" GENERATED ALWAYS", ""),
        // What a key is made of is never NULL, also where SQLite does not say so.
        is_null: !is_set && pk == 0 && hidden == 0,
        default,
        is_made: hidden > 0,
    };
    rows.into_iter().map(column).collect()
}

async fn primary(raw: &mut SqliteConnection, table: &str) -> Vec<String> {
    let text = "SELECT name FROM pragma_table_xinfo($1) WHERE pk > 0 ORDER BY pk";
    sqlx::query_scalar(text).bind(table).fetch_all(raw).await.unwrap()
}

async fn uniques(raw: &mut SqliteConnection, table: &str) -> BTreeSet<Vec<String>> {
    let text = "SELECT name FROM pragma_index_list($1) WHERE origin = 'u'";
    let names: Vec<String> = sqlx::query_scalar(text).bind(table).fetch_all(&mut *raw).await.unwrap();
    let mut uniques = BTreeSet::new();
    for name in names {
        uniques.insert(columns_of(raw, &name).await.into_iter().map(Option::unwrap).collect());
    }
    uniques
}

async fn columns_of(raw: &mut SqliteConnection, index: &str) -> Vec<Option<String>> {
    let text = "SELECT name FROM pragma_index_info($1) ORDER BY seqno";
    sqlx::query_scalar(text).bind(index).fetch_all(raw).await.unwrap()
}

async fn keys(raw: &mut SqliteConnection, table: &str) -> BTreeSet<Key> {
    let rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(
        "SELECT id, \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list($1) ORDER BY id, seq",
    )
    .bind(table)
    .fetch_all(raw)
    .await
    .unwrap();
    let mut keys: BTreeMap<i64, Key> = BTreeMap::new();
    for (id, table, from, to, on_delete) in rows {
        let key = Key { columns: vec![], table, to: vec![], on_delete };
        let key = keys.entry(id).or_insert(key);
        key.columns.push(from);
        key.to.push(to);
    }
    keys.into_values().collect()
}

/// The named CHECKs in the text of a table.
fn checks(sql: &str) -> BTreeMap<String, String> {
    let mut checks = BTreeMap::new();
    for part in sql.split("CONSTRAINT ").skip(1) {
        let (name, rest) = part.split_once(char::is_whitespace).unwrap();
        let Some(rest) = rest.trim_start().strip_prefix("CHECK") else { continue };
        let mut depth = 0;
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c == ')' && depth == 0
        });
        let text = flat(&rest[..end.expect("a CHECK ends")]);
        checks.insert(name.to_owned(), text.trim_start_matches('(').trim().to_owned());
    }
    checks
}

async fn indexes(raw: &mut SqliteConnection, table: &str) -> BTreeMap<String, Index> {
    let rows: Vec<(String, bool, String)> = sqlx::query_as(
        "SELECT l.name, l.\"unique\", s.sql FROM pragma_index_list($1) l JOIN sqlite_schema s ON s.name = l.name \
         WHERE l.origin = 'c'",
    )
    .bind(table)
    .fetch_all(&mut *raw)
    .await
    .unwrap();
    let mut indexes = BTreeMap::new();
    for (name, is_unique, sql) in rows {
        let columns = columns_of(raw, &name).await;
        let sql = flat(&sql);
        let text = sql.split_once(" ON ").and_then(|(_, on)| on.split_once(' ')).unwrap().1.to_owned();
        indexes.insert(name, Index { is_unique, columns, text });
    }
    indexes
}

async fn triggers(raw: &mut SqliteConnection, table: &str) -> BTreeSet<String> {
    let text = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1";
    let names: Vec<String> = sqlx::query_scalar(text).bind(table).fetch_all(raw).await.unwrap();
    names.into_iter().collect()
}
