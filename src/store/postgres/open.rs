//! Opening a database: looked at, brought up to date, refused when it is from the future.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgPool;
use sqlx::{Connection, Executor, PgConnection, Row};
use tokio::sync::watch;
use tokio::time::Instant;

use super::error::store_error;
use super::opened::Opened;
use super::pools::{self, Begin};
use super::statement::statements;
use super::tx::DbTx;
use super::unfit::unfit;
use super::url::place;
use super::waker::{Signals, Waker};
use crate::store::clock::Clock;
use crate::store::{Store, StoreError, Tx};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/postgres/migrations");

/// PostgreSQL 15.
const OLDEST: i64 = 150_000;
/// The first pause when a connection died unnoticed, until another one is taken; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
/// The longest one.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

statements! {
    SCHEMA_VERSION = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations";
    IS_FOREIGN = "SELECT coalesce((SELECT max(version) FROM _sqlx_migrations), 0) > 0 \
        AND NOT EXISTS (SELECT 1 FROM _sqlx_migrations WHERE version = 1 AND description = 'backlog') AS is_foreign";
    HAS_SCHEMA = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
    // The same for all schemas of a database, and for all versions: an older program takes no other, and who migrates
    // one schema waits but a moment for who migrates another.
    MIGRATE_ALONE = "SELECT pg_advisory_xact_lock(7307497712646778)";
    // What was written with a number that the server has not reached yet came from another one.
    COUNT_ON = "UPDATE outbox_base SET base = base + stored.highest + 1 \
        - (base + CAST(CAST(pg_current_xact_id() AS text) AS bigint)) \
        FROM (SELECT greatest((SELECT max(xid) FROM outbox), (SELECT max(place_xid) FROM outbox_consumers)) \
            AS highest) AS stored \
        WHERE single AND stored.highest >= base + CAST(CAST(pg_current_xact_id() AS text) AS bigint)";
    IS_AHEAD = "SELECT coalesce(greatest((SELECT max(xid) FROM outbox), \
        (SELECT max(place_xid) FROM outbox_consumers)) >= base + CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint), FALSE) \
        FROM outbox_base WHERE single";
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
    begin: Begin,
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
        let signal_pool = pools::signals(&options);
        let mut connection = signal_pool.acquire().await.map_err(|e| failed(Box::new(e)))?;
        look(&mut connection).await.map_err(failed)?;
        drop(connection);
        let (waker, signals) = Signals::start(signal_pool.clone()).await.map_err(|e| failed(Box::new(e)))?;
        let pool = pools::transactions(&options, signals.own).await.map_err(|e| failed(Box::new(e)))?;
        let mut connection = pool.acquire().await.map_err(|e| failed(Box::new(e)))?;
        let begin = if signals.own {
            migrate(&mut connection, &failed).await?;
            pools::BEGIN
        } else {
            tracing::warn!(
                "a pooler that pools transactions is in front of the server: nobody can listen, so that those who wait \
                 look for themselves twice a second. Connect directly, or pool sessions"
            );
            migrated(&mut connection).await.map_err(failed)?;
            pools::BEGIN_POOLED
        };
        drop(connection);
        Ok(Self { pool, signal_pool, clock, waker, signals, begin })
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
        let made = has_schema(&mut connection).await.map_err(failed)?;
        connection.close().await.map_err(failed)?;
        Ok(made)
    }

    /// Closes every connection, after the transactions that are open.
    pub async fn close(self) {
        drop(self.signals);
        self.signal_pool.close().await;
        self.pool.close().await;
    }

    async fn start(&self, writes: bool) -> Result<Box<dyn Tx>, StoreError> {
        let [writing, reading] = self.begin;
        let begin = if writes { writing } else { reading };
        let (until, mut pause) = (Instant::now() + pools::PATIENCE, FIRST_PAUSE);
        loop {
            let waker = writes.then(|| Arc::clone(&self.waker));
            let began = match Opened::begin(&self.pool, begin).await {
                Ok(tx) => Ok(DbTx::start(tx, &self.clock, waker, self.pool.clone(), None, self.signals.own)),
                // Not all connections are in use: there are no more to be had.
                Err(error @ sqlx::Error::PoolTimedOut) if self.pool.size() < pools::CONNECTIONS => {
                    Err(StoreError::Away(Box::new(error)))
                }
                Err(error) => Err(store_error(error)),
            };
            match began {
                Ok(tx) => return Ok(Box::new(tx)),
                // Every other one may have died with it, and the server may just be starting.
                Err(StoreError::Away(_)) if Instant::now() + pause < until => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.start(true).await
    }

    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.start(false).await
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.waker.changes()
    }

    fn openings(&self) -> watch::Receiver<u64> {
        self.waker.openings()
    }

    fn effects(&self) -> watch::Receiver<u64> {
        self.waker.effects()
    }

    fn tries_freely(&self) -> bool {
        true
    }

    async fn schema_version(&self) -> Result<i64, StoreError> {
        version(&self.pool).await.map_err(store_error)
    }
}

/// Refuses a server that cannot keep the promises of the schema.
pub(super) async fn look(
    connection: &mut PgConnection,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let row = sqlx::raw_sql(SERVER).fetch_one(connection).await?;
    let (version, encoding, fsync): (i64, String, String) = sqlx::FromRow::from_row(&row)?;
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

/// The schema's version, where there is a schema.
async fn version<'c>(on: impl Executor<'c, Database = sqlx::Postgres>) -> Result<i64, sqlx::Error> {
    sqlx::raw_sql(SCHEMA_VERSION).fetch_one(on).await?.try_get(0)
}

async fn has_schema<'c>(on: impl Executor<'c, Database = sqlx::Postgres>) -> Result<bool, sqlx::Error> {
    sqlx::raw_sql(HAS_SCHEMA).fetch_one(on).await?.try_get(0)
}

/// Whether rows have numbers that the server has not reached.
async fn is_ahead(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::raw_sql(IS_AHEAD).fetch_one(connection).await?.try_get(0)
}

/// The version of a schema of this program: another one may keep its migrations by the same library.
pub(super) async fn our_version(
    connection: &mut PgConnection,
) -> Result<i64, Box<dyn std::error::Error + Send + Sync>> {
    if sqlx::raw_sql(IS_FOREIGN).fetch_one(&mut *connection).await?.try_get(0)? {
        return Err(
            "another program keeps its migrations in this schema (table _sqlx_migrations): give this one a \
            schema or a database of its own"
                .into(),
        );
    }
    Ok(version(connection).await?)
}

fn newest() -> i64 {
    MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0)
}

/// Refuses a database that is not up to date: what brings it there needs a connection of its own.
async fn migrated(connection: &mut PgConnection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let found = match has_schema(&mut *connection).await? {
        true => our_version(&mut *connection).await?,
        false => 0,
    };
    match found.cmp(&newest()) {
        Ordering::Equal if !is_ahead(connection).await? => Ok(()),
        Ordering::Equal => {
            Err("the rows come from another server, and the outbox has to count on behind them, for which a direct \
            connection is needed: this one goes through a pooler that pools transactions"
                .into())
        }
        Ordering::Greater => Err(Box::new(StoreError::Newer { found, known: newest() })),
        Ordering::Less => {
            Err("the schema has to be brought up to date, for which a direct connection is needed: \
            this one goes through a pooler that pools transactions"
                .into())
        }
    }
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
    let known = newest();
    let found: i64 = match has_schema(&mut *tx).await.map_err(store_error)? {
        true => our_version(&mut tx).await.map_err(failed)?,
        false => 0,
    };
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    // Whoever may only read and write rows can open what is up to date.
    if found < known {
        if let Some(why) = unfit(&mut tx, found).await.map_err(store_error)? {
            return Err(failed(why.into()));
        }
        run(&mut tx).await.map_err(|e| failed(Box::new(e)))?;
    }
    if is_ahead(&mut tx).await.map_err(store_error)? {
        tracing::warn!("the rows come from another server; the outbox counts on behind them");
        sqlx::query(COUNT_ON).execute(&mut *tx).await.map_err(store_error)?;
    }
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
