//! Opening a database: looked at, brought up to date, refused when it is from the future.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgPool;
use sqlx::{Connection, PgConnection};
use tokio::sync::watch;

use super::error::store_error;
use super::pools;
use super::statement::statements;
use super::tx::DbTx;
use super::url::place;
use super::waker::{Signals, Waker};
use crate::store::clock::Clock;
use crate::store::{Store, StoreError, Tx};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/postgres/migrations");

/// PostgreSQL 15.
const OLDEST: i64 = 150_000;
/// A connection may have died unnoticed: so often another one is taken.
const TRIES: usize = 3;

statements! {
    SCHEMA_VERSION = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations";
    HAS_SCHEMA = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
    MIGRATE_ALONE = "SELECT pg_advisory_xact_lock(7307497712646778)";
    SERVER = "SELECT CAST(current_setting('server_version_num') AS bigint), current_setting('server_encoding'), \
        current_setting('fsync')";
}

/// A database of a PostgreSQL server.
pub struct PostgresStore {
    pool: PgPool,
    signal_pool: PgPool,
    clock: Clock,
    waker: Arc<Waker>,
    signals: Signals,
}

impl PostgresStore {
    /// Opens the database at a URL, `postgres://user:password@host:port/database` or with `?host=/folder` for a
    /// socket, and brings its schema up to date. Processes that open it at the same moment wait for each other.
    ///
    /// # Errors
    /// [`StoreError::Open`]; [`StoreError::Newer`] for a database of a newer version of this program.
    pub async fn open(url: &str, clock: Clock) -> Result<Self, StoreError> {
        let options = pools::options(url)
            .map_err(|error| StoreError::Open { at: "that URL".to_owned(), source: Box::new(error) })?;
        let at = place(&options);
        let failed =
            |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open { at: at.clone(), source };
        let pool = pools::transactions(&options).await.map_err(|e| failed(Box::new(e)))?;
        let mut connection = pool.acquire().await.map_err(|e| failed(Box::new(e)))?;
        look(&mut connection).await.map_err(failed)?;
        migrate(&mut connection, &failed).await?;
        drop(connection);
        let signal_pool = pools::signals(&options);
        let (waker, signals) = Signals::start(signal_pool.clone()).await.map_err(|e| failed(Box::new(e)))?;
        Ok(Self { pool, signal_pool, clock, waker, signals })
    }

    /// Whether the database has a schema of this program, of whatever version. Nothing is changed.
    ///
    /// # Errors
    /// [`StoreError::Open`].
    pub async fn is_made(url: &str) -> Result<bool, StoreError> {
        let options = pools::options(url)
            .map_err(|error| StoreError::Open { at: "that URL".to_owned(), source: Box::new(error) })?;
        let failed = |error| StoreError::Open { at: place(&options), source: Box::new(error) };
        let mut connection = PgConnection::connect_with(&options).await.map_err(failed)?;
        let made = sqlx::query_scalar(HAS_SCHEMA).fetch_one(&mut connection).await.map_err(failed)?;
        connection.close().await.map_err(failed)?;
        Ok(made)
    }

    /// Closes every connection, after the transactions that are open.
    pub async fn close(self) {
        drop(self.signals);
        self.signal_pool.close().await;
        self.pool.close().await;
    }

    async fn start(&self, begin: &'static str, writes: bool) -> Result<Box<dyn Tx>, StoreError> {
        let mut tried = 1;
        loop {
            let waker = writes.then(|| Arc::clone(&self.waker));
            let began = match self.pool.begin_with(begin).await {
                Ok(tx) => DbTx::start(tx, &self.clock, waker).await,
                Err(error) => Err(store_error(error)),
            };
            match began {
                Ok(tx) => return Ok(Box::new(tx)),
                Err(StoreError::Busy(_)) if tried < TRIES => tried += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.start("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", true).await
    }

    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.start("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", false).await
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.waker.subscribe()
    }

    async fn schema_version(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar(SCHEMA_VERSION).fetch_one(&self.pool).await.map_err(store_error)
    }
}

/// Refuses a server that cannot keep the promises of the schema.
pub(super) async fn look(
    connection: &mut PgConnection,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (version, encoding, fsync): (i64, String, String) =
        sqlx::query_as(SERVER).fetch_one(connection).await?;
    if version < OLDEST {
        return Err(format!("PostgreSQL 15 or newer is needed; the server's version is {version}").into());
    }
    if encoding != "UTF8" {
        return Err(format!("the database's encoding has to be UTF8, not {encoding}").into());
    }
    if fsync != "on" {
        tracing::warn!(
            "the server runs without fsync: a crash of its machine loses or breaks what was committed"
        );
    }
    Ok(())
}

/// Brings the schema up to date in one transaction, of which there is one at a time; the version that it had.
pub(super) async fn migrate(
    connection: &mut PgConnection,
    failed: &(dyn Fn(Box<dyn std::error::Error + Send + Sync>) -> StoreError + Sync),
) -> Result<i64, StoreError> {
    let mut tx = connection.begin().await.map_err(store_error)?;
    // Whoever is first may take longer than a statement otherwise may.
    sqlx::raw_sql("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '600s'")
        .execute(&mut *tx)
        .await
        .map_err(store_error)?;
    sqlx::query(MIGRATE_ALONE).execute(&mut *tx).await.map_err(store_error)?;
    let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0);
    let has: bool = sqlx::query_scalar(HAS_SCHEMA).fetch_one(&mut *tx).await.map_err(store_error)?;
    let found: i64 = match has {
        true => sqlx::query_scalar(SCHEMA_VERSION).fetch_one(&mut *tx).await.map_err(store_error)?,
        false => 0,
    };
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    run(&mut tx).await.map_err(|e| failed(Box::new(e)))?;
    tx.commit().await.map_err(store_error)?;
    Ok(found)
}

/// Makes what is missing of the schema that the connection is in.
pub(super) async fn run(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let mut migrations = Migrator::with_migrations(MIGRATIONS.iter().cloned().collect());
    migrations.set_locking(false);
    // What `run` does with a connection of its own; `run` itself cannot be awaited in a task that moves.
    migrations.run_direct(None, connection, false).await
}
