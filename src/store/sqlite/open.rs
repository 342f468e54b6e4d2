//! Opening a database file: made when it is missing, brought up to date, refused when it is from the future.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use async_trait::async_trait;
use sqlx::Executor;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqlitePool;
use tokio::sync::watch;

use super::error::store_error;
use super::opened::Opened;
use super::pools;
use super::probe::Probe;
use super::statement::statements;
use super::turns::Turns;
use super::tx::DbTx;
use super::unfit::unfit;
use super::waker::Waker;
use crate::store::clock::Clock;
use crate::store::{Store, StoreError, Tx};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/sqlite/migrations");

statements! {
    SCHEMA_VERSION = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations";
    IS_FOREIGN = "SELECT coalesce((SELECT max(version) FROM _sqlx_migrations), 0) > 0 \
        AND NOT EXISTS (SELECT 1 FROM _sqlx_migrations WHERE version = 1 AND description = 'backlog') AS is_foreign";
    HAS_SCHEMA = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";
}

/// A database in one file.
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    clock: Clock,
    turns: Turns,
    waker: Arc<Waker>,
    probe: Probe,
}

impl SqliteStore {
    /// Opens the file, which is made (readable by its owner only) when it is missing, and brings its schema up to
    /// date. Processes that open it at the same moment wait for each other.
    ///
    /// # Errors
    /// [`StoreError::Open`]; [`StoreError::Newer`] for a file of a newer version of this program.
    pub async fn open(path: &Path, clock: Clock) -> Result<Self, StoreError> {
        let (writer, _) = migrated(path).await?;
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open {
            at: path.display().to_string(),
            source,
        };
        let readers = pools::readers(path).await.map_err(|e| failed(Box::new(e)))?;
        let waker = Arc::new(Waker::new());
        let probe = Probe::start(path, Arc::clone(&waker));
        let turns = Turns::open(path).map_err(|e| failed(Box::new(e)))?;
        Ok(Self { writer, readers, clock, turns, waker, probe })
    }

    /// How often a transaction of this store had to wait for others before it could write; goes on counting.
    pub(crate) fn waited(&self) -> Arc<AtomicU64> {
        self.turns.waited()
    }

    /// Closes every connection, after the transactions that are open.
    pub async fn close(self) {
        drop(self.probe);
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        let turn = self.turns.take().await;
        // IMMEDIATE: whoever may write locks at once; a lock that is taken later can fail without waiting.
        let tx = Opened::begin(&self.writer, "BEGIN IMMEDIATE").await.map_err(store_error)?;
        let waker = Some(Arc::clone(&self.waker));
        Ok(Box::new(DbTx::start(tx, &self.clock, waker, self.writer.clone(), turn, true)))
    }

    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        let tx = Opened::begin(&self.readers, "BEGIN").await.map_err(store_error)?;
        Ok(Box::new(DbTx::start(tx, &self.clock, None, self.readers.clone(), None, true)))
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

    async fn schema_version(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar(SCHEMA_VERSION).fetch_one(&self.readers).await.map_err(store_error)
    }
}

/// Makes the file when it is missing and brings its schema up to date; who writes to it, and the version that it had.
pub(super) async fn migrated(path: &Path) -> Result<(SqlitePool, i64), StoreError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open {
        at: path.display().to_string(),
        source,
    };
    let at = path.to_owned();
    let lock = tokio::task::spawn_blocking(move || prepare(&at))
        .await
        .map_err(|e| failed(Box::new(e)))?
        .map_err(|e| failed(Box::new(e)))?;
    let writer = pools::writer(path).await.map_err(|e| failed(Box::new(e)))?;
    let found = known(path, &writer).await?;
    let mut rows = writer.acquire().await.map_err(store_error)?;
    if let Some(why) = unfit(&mut rows, found).await.map_err(store_error)? {
        return Err(failed(why.into()));
    }
    drop(rows);
    MIGRATIONS.run(&writer).await.map_err(|e| failed(Box::new(e)))?;
    drop(lock);
    Ok((writer, found))
}

/// Makes folder and file for their owner only, and takes the lock under which the schema is changed.
fn prepare(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut lock = PathBuf::from(path).into_os_string();
    lock.push(".lock");
    let lock = private_file(Path::new(&lock))?;
    lock.lock()?;
    // Never opened when it is there: with the handle that is closed here, the system would drop every lock that this
    // process has on it, under connections that are open and rely on them.
    if !path.try_exists()? {
        private_file(path)?;
    }
    Ok(lock)
}

pub(super) fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The version of a schema of ours, up to the newest that is known; 0 when there is none.
async fn known(path: &Path, writer: &SqlitePool) -> Result<i64, StoreError> {
    let has: i64 = sqlx::query_scalar(HAS_SCHEMA).fetch_one(writer).await.map_err(store_error)?;
    if has == 0 {
        return Ok(0);
    }
    refuse_foreign(path, writer).await?;
    let found: i64 = sqlx::query_scalar(SCHEMA_VERSION).fetch_one(writer).await.map_err(store_error)?;
    let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0);
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(found) }
}

/// Refuses the table of migrations of another program, which keeps its own by the same library.
pub(super) async fn refuse_foreign(
    path: &Path,
    on: impl Executor<'_, Database = sqlx::Sqlite>,
) -> Result<(), StoreError> {
    match sqlx::query_scalar(IS_FOREIGN).fetch_one(on).await.map_err(store_error)? {
        false => Ok(()),
        true => Err(StoreError::Open {
            at: path.display().to_string(),
            source: "another program keeps its migrations there (table _sqlx_migrations): give this one a file of its own"
                .into(),
        }),
    }
}
