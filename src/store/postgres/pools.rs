//! How connections are made, and what each of them keeps to.

use std::time::Duration;

use sqlx::Executor;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

/// How long a transaction waits for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// Connections for transactions.
pub(super) const CONNECTIONS: u32 = 10;
/// One that listens and one that notifies.
const SIGNALS: u32 = 2;
/// More than there are statements, so that each is prepared once a connection.
const STATEMENTS: usize = 512;

macro_rules! pooled {
    ($begin:literal) => {
        concat!(
            $begin,
            "; SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '5s'; ",
            "SET LOCAL idle_in_transaction_session_timeout = '10s'; SET LOCAL synchronous_commit = on; ",
            "SET LOCAL timezone = 'UTC'; SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
        )
    };
}

/// A statement, a wait for a lock and a transaction that does nothing end after a time, so that what a dead connection
/// holds is free soon; what is committed is on the disk, and times are UTC. Every statement finds its rows by an index: a plan that was made while
/// a table was empty, and is kept as long as the connection, would read it whole. None of them is worth being compiled.
const OF_SESSION: &str = "SET statement_timeout = '30s'; SET lock_timeout = '5s'; \
    SET idle_in_transaction_session_timeout = '10s'; SET synchronous_commit = on; SET timezone = 'UTC'; \
    SET enable_seqscan = off; SET jit = off";

/// How a transaction begins that may write, and one that only reads.
pub(super) type Begin = [&'static str; 2];

/// On a connection of our own.
pub(super) const BEGIN: Begin =
    ["BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"];
/// Where the next transaction has another connection of the server: what it keeps to, it says itself.
pub(super) const BEGIN_POOLED: Begin = [
    pooled!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
    pooled!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
];

pub(super) fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    Ok(options.application_name("sprintgate").statement_cache_capacity(STATEMENTS))
}

fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE).test_before_acquire(false)
}

/// `own`: whether each connection stays our own; else it must not be set up for others.
pub(super) async fn transactions(options: &PgConnectOptions, own: bool) -> Result<PgPool, sqlx::Error> {
    let pool = pool(CONNECTIONS);
    let pool = match own {
        true => pool.after_connect(|connection, _| {
            Box::pin(async move { connection.execute(OF_SESSION).await.map(drop) })
        }),
        false => pool,
    };
    pool.connect_with(options.clone()).await
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
