//! The tables, indexes and triggers of a file beside those that the migrations make.

use std::collections::BTreeMap;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions};

use super::error::store_error;
use super::open::MIGRATIONS;
use crate::store::StoreError;

const DEFINITIONS: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema \
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations' \
    ORDER BY type, name";

/// What a thing is called, and its table and text.
type Definitions = BTreeMap<(String, String), (String, String)>;

/// What is missing, different, or too much: a trigger that no migration makes, on a table that one does.
pub(super) async fn differences(connection: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    let here = of(connection).await?;
    let fresh = fresh().await?;
    let mut found = Vec::new();
    for ((kind, name), (_, text)) in &fresh {
        match here.get(&(kind.clone(), name.clone())) {
            None => found.push(format!("{kind} {name}: it is missing")),
            Some((_, other)) if other != text => {
                found.push(format!("{kind} {name}: it is not as the migrations make it"));
            }
            Some(_) => {}
        }
    }
    for (kind, name) in here.keys().filter(|key| !fresh.contains_key(*key)) {
        let table =
            here.get(&(kind.clone(), name.clone())).map(|(table, _)| table.clone()).unwrap_or_default();
        if kind == "trigger" && fresh.contains_key(&("table".to_owned(), table.clone())) {
            found.push(format!("trigger {name}: no migration makes it, and it is on {table}"));
        }
    }
    Ok(found)
}

async fn of(connection: &mut SqliteConnection) -> Result<Definitions, StoreError> {
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as(DEFINITIONS).fetch_all(connection).await.map_err(store_error)?;
    Ok(rows.into_iter().map(|(kind, name, table, text)| ((kind, name), (table, text))).collect())
}

/// Those of a database that was made just now.
async fn fresh() -> Result<Definitions, StoreError> {
    let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = pool.connect_with(options).await.map_err(store_error)?;
    MIGRATIONS.run(&pool).await.map_err(|error| StoreError::Database(Box::new(error)))?;
    let made = of(&mut *pool.acquire().await.map_err(store_error)?).await;
    pool.close().await;
    made
}
