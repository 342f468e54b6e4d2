//! The schema of a PostgreSQL database.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::postgres::PgConnection;

use super::read::{Column, Index, Key, Schema, Table};

pub(super) async fn schema(raw: &mut PgConnection) -> Schema {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
         AND relname NOT LIKE '\\_sqlx%'",
    )
    .fetch_all(&mut *raw)
    .await
    .unwrap();
    let mut schema = Schema::new();
    for name in tables {
        let table = Table {
            columns: columns(raw, &name).await,
            primary: keyed(raw, &name, "p").await.into_iter().next().unwrap_or_default(),
            uniques: keyed(raw, &name, "u").await,
            keys: keys(raw, &name).await,
            checks: checks(raw, &name).await,
            indexes: indexes(raw, &name).await,
            triggers: triggers(raw, &name).await,
        };
        schema.insert(name, table);
    }
    schema
}

async fn columns(raw: &mut PgConnection, table: &str) -> Vec<Column> {
    let rows: Vec<(String, String, bool, Option<String>, bool)> = sqlx::query_as(
        "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, \
            CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END, a.attgenerated <> '' \
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         WHERE a.attrelid = CAST($1 AS regclass) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
    )
    .bind(table)
    .fetch_all(raw)
    .await
    .unwrap();
    let column = |(name, kind, is_null, default, is_made): (_, String, _, _, _)| Column {
        name,
        kind: kind.replace("timestamp with time zone", "timestamptz"),
        is_null,
        default,
        is_made,
    };
    rows.into_iter().map(column).collect()
}

/// The columns of the keys of a kind.
async fn keyed(raw: &mut PgConnection, table: &str, kind: &str) -> BTreeSet<Vec<String>> {
    let rows: Vec<Vec<String>> = sqlx::query_scalar(
        "SELECT array(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (n, place) \
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.place) \
         FROM pg_constraint c WHERE c.conrelid = CAST($1 AS regclass) AND c.contype::text = $2",
    )
    .bind(table)
    .bind(kind)
    .fetch_all(raw)
    .await
    .unwrap();
    rows.into_iter().collect()
}

async fn keys(raw: &mut PgConnection, table: &str) -> BTreeSet<Key> {
    let rows: Vec<(Vec<String>, String, Vec<String>, String)> = sqlx::query_as(
        "SELECT array(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (n, place) \
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.place), \
            c.confrelid::regclass::text, \
            array(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (n, place) \
            JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.place), \
            CASE c.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' \
                WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END \
         FROM pg_constraint c WHERE c.conrelid = CAST($1 AS regclass) AND c.contype = 'f'",
    )
    .bind(table)
    .fetch_all(raw)
    .await
    .unwrap();
    rows.into_iter().map(|(columns, table, to, on_delete)| Key { columns, table, to, on_delete }).collect()
}

async fn checks(raw: &mut PgConnection, table: &str) -> BTreeMap<String, String> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE conrelid = CAST($1 AS regclass) AND contype = 'c'",
    )
    .bind(table)
    .fetch_all(raw)
    .await
    .unwrap();
    rows.into_iter().collect()
}

async fn indexes(raw: &mut PgConnection, table: &str) -> BTreeMap<String, Index> {
    let rows: Vec<(String, bool, Vec<Option<String>>, String)> = sqlx::query_as(
        "SELECT c.relname::text, i.indisunique, \
            array(SELECT a.attname::text FROM unnest(CAST(i.indkey AS int2[])) WITH ORDINALITY k (n, place) \
            LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.place), \
            split_part(pg_get_indexdef(i.indexrelid), ' USING btree ', 2) \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = CAST($1 AS regclass) \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))",
    )
    .bind(table)
    .fetch_all(raw)
    .await
    .unwrap();
    rows.into_iter()
        .map(|(name, is_unique, columns, text)| (name, Index { is_unique, columns, text }))
        .collect()
}

async fn triggers(raw: &mut PgConnection, table: &str) -> BTreeSet<String> {
    let text =
        "SELECT tgname::text FROM pg_trigger WHERE tgrelid = CAST($1 AS regclass) AND NOT tgisinternal";
    let names: Vec<String> = sqlx::query_scalar(text).bind(table).fetch_all(raw).await.unwrap();
    names.into_iter().collect()
}
