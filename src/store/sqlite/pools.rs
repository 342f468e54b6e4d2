//! How connections are made: one that writes, so that writers of this process wait their turn in order, and a few
//! that only read.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

/// How long a transaction waits for those before it, in this process and in others.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections that only read.
const READERS: u32 = 4;
/// More than there are statements, so that each is prepared once a connection.
const STATEMENTS: usize = 256;

/// FULL: what was committed is on the disk, whatever happens to the power.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(STATEMENTS)
}

pub(super) fn reading(path: &Path) -> SqliteConnectOptions {
    options(path).pragma("query_only", "ON")
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

pub(super) async fn writer(path: &Path) -> Result<SqlitePool, sqlx::Error> {
    pool(1).connect_with(options(path)).await
}

pub(super) async fn readers(path: &Path) -> Result<SqlitePool, sqlx::Error> {
    pool(READERS).connect_with(reading(path)).await
}
