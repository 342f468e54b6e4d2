//! The tables, constraints, indexes and triggers of the connection's schema beside those that the migrations make.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

use super::error::store_error;
use super::open;
use crate::store::StoreError;

/// Everything that a migration makes, each with its table and its text, in which the schema's own name is left out.
const DEFINITIONS: &str = "WITH here AS (SELECT oid, quote_ident(nspname) || '.' AS prefix, \
        'search_path TO ' || quote_literal(nspname) AS path FROM pg_namespace WHERE nspname = current_schema()) \
    SELECT d.kind, d.name, d.of, replace(replace(d.text, here.prefix, ''), here.path, 'search_path TO') FROM here CROSS JOIN LATERAL ( \
        SELECT 'column' AS kind, c.relname || '.' || a.attname AS name, CAST(c.relname AS text) AS of, \
            concat_ws(' ', format_type(a.atttypid, a.atttypmod), (SELECT collname FROM pg_collation l \
                WHERE l.oid = a.attcollation), CASE WHEN a.attnotnull THEN 'NOT NULL' END, \
                nullif(CAST(a.attidentity AS text), ''), nullif(CAST(a.attgenerated AS text), ''), \
                pg_get_expr(v.adbin, v.adrelid)) AS text \
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
        LEFT JOIN pg_attrdef v ON v.adrelid = c.oid AND v.adnum = a.attnum \
        WHERE c.relnamespace = here.oid AND c.relkind = 'r' \
      UNION ALL \
        SELECT 'constraint', c.relname || '.' || k.conname, c.relname, pg_get_constraintdef(k.oid) \
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
        WHERE c.relnamespace = here.oid AND k.contype <> 'n' AND k.contype <> 't' \
      UNION ALL \
        SELECT 'index', i.relname, c.relname, pg_get_indexdef(x.indexrelid) \
        FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
        WHERE c.relnamespace = here.oid AND c.relkind = 'r' \
      UNION ALL \
        SELECT 'trigger', c.relname || '.' || t.tgname, c.relname, CAST(t.tgenabled AS text) || ' ' || pg_get_triggerdef(t.oid) \
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
        WHERE c.relnamespace = here.oid AND NOT t.tgisinternal \
      UNION ALL \
        SELECT 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', '', \
            pg_get_functiondef(p.oid) \
        FROM pg_proc p WHERE p.pronamespace = here.oid AND p.prokind = 'f' \
    ) d WHERE d.of <> '_sqlx_migrations'";
/// Makes each CHECK anew from its own text. A dump keeps that text, and what is read of it is not always told in the same
/// words: parentheses around parts of an AND go.
const READ_AGAIN: &str = "DO $$ DECLARE k record; BEGIN \
    FOR k IN SELECT CAST(conrelid AS regclass) AS of, conname, pg_get_constraintdef(oid) AS text FROM pg_constraint \
        WHERE contype = 'c' AND connamespace = CAST(current_schema() AS regnamespace) \
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', k.of, k.conname, k.conname, k.text); \
    END LOOP; END $$";
const MAY_MAKE: &str = "SELECT has_database_privilege(current_database(), 'CREATE')";
/// A schema that is gone when the transaction is undone; other transactions never see it.
const FRESH: &str = "sprintgate_as_the_migrations_make_it";

/// What a thing is called, and its table and text.
type Definitions = BTreeMap<(String, String), (String, String)>;

/// Those of a schema that was made just now: as the migrations make them, and as a dump of that is restored.
struct Fresh {
    made: Definitions,
    restored: Definitions,
}

/// What is missing, different, or too much: a trigger, constraint or column that no migration makes, on a table that
/// one does. Nothing is told where the user may not make a schema, which is undone again.
pub(super) async fn differences(connection: &mut PgConnection) -> Result<Option<Vec<String>>, StoreError> {
    if !sqlx::query_scalar::<_, bool>(MAY_MAKE).fetch_one(&mut *connection).await.map_err(store_error)? {
        return Ok(None);
    }
    let here = of(connection).await?;
    let Fresh { made: fresh, restored } = fresh(connection).await?;
    let made: BTreeSet<&str> = fresh.values().map(|(table, _)| table.as_str()).collect();
    let mut found = Vec::new();
    for (key @ (kind, name), (_, text)) in &fresh {
        match here.get(key) {
            Some(other) if restored.get(key) == Some(other) => {}
            None => found.push(format!("{kind} {name}: it is missing")),
            Some((_, other)) if other != text => {
                found.push(format!("{kind} {name}: it is not as the migrations make it"));
            }
            Some(_) => {}
        }
    }
    for ((kind, name), (table, _)) in here.iter().filter(|(key, _)| !fresh.contains_key(*key)) {
        if !["index", "function"].contains(&kind.as_str()) && made.contains(table.as_str()) {
            found.push(format!("{kind} {name}: no migration makes it"));
        }
    }
    Ok(Some(found))
}

async fn of(connection: &mut PgConnection) -> Result<Definitions, StoreError> {
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as(DEFINITIONS).fetch_all(connection).await.map_err(store_error)?;
    Ok(rows.into_iter().map(|(kind, name, table, text)| ((kind, name), (table, text))).collect())
}

/// In a transaction that is undone.
async fn fresh(connection: &mut PgConnection) -> Result<Fresh, StoreError> {
    let mut tx = connection.begin().await.map_err(store_error)?;
    let enter = AssertSqlSafe(format!("CREATE SCHEMA {FRESH}; SET LOCAL search_path = {FRESH}"));
    sqlx::raw_sql(enter).execute(&mut *tx).await.map_err(store_error)?;
    open::run(&mut tx).await.map_err(|error| StoreError::Database(Box::new(error)))?;
    let made = of(&mut tx).await?;
    sqlx::raw_sql(READ_AGAIN).execute(&mut *tx).await.map_err(store_error)?;
    let restored = of(&mut tx).await?;
    tx.rollback().await.map_err(store_error)?;
    Ok(Fresh { made, restored })
}
