//! How connections are made, and what each of them keeps to.

use std::time::Duration;

use sqlx::Executor;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

/// How long a transaction waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections for transactions.
const CONNECTIONS: u32 = 10;
/// One that listens and one that notifies.
const SIGNALS: u32 = 2;
/// More than there are statements, so that each is prepared once a connection.
const STATEMENTS: usize = 512;

/// A statement, a wait for a lock and a transaction that does nothing end after a time; what is committed is on the
/// disk, and times are UTC.
const SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '5s'; \
    SET idle_in_transaction_session_timeout = '60s'; SET synchronous_commit = on; SET timezone = 'UTC'";

pub(super) fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    Ok(options.application_name("sprintgate").statement_cache_capacity(STATEMENTS))
}

fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { connection.execute(SETTINGS).await.map(drop) }))
}

pub(super) async fn transactions(options: &PgConnectOptions) -> Result<PgPool, sqlx::Error> {
    pool(CONNECTIONS).connect_with(options.clone()).await
}

pub(super) fn signals(options: &PgConnectOptions) -> PgPool {
    pool(SIGNALS).connect_lazy_with(options.clone())
}

/// What keeping a database takes longer for than a statement otherwise may; a lock is waited for as long as ever.
const UNHURRIED: &str = "SET statement_timeout = 0; SET lock_timeout = '5s'; \
    SET idle_in_transaction_session_timeout = 0; SET synchronous_commit = on; SET timezone = 'UTC'";

/// A connection of its own, for work that may take long.
pub(super) async fn unhurried(options: &PgConnectOptions) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| Box::pin(async move { connection.execute(UNHURRIED).await.map(drop) }))
        .connect_with(options.clone())
        .await
}
