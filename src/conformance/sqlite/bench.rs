//! A database in a file of the check's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use async_trait::async_trait;
use tokio::sync::Mutex;

use super::raw::{SPELLING, SqliteRaw};
use crate::conformance::bench::some;
use crate::conformance::folder::Folder;
use crate::conformance::ground::NOON;
use crate::conformance::{Bench, Failed, Raw, Spelling};
use crate::store::Store;
use crate::store::sqlite::{Clock, SqliteStore};

pub(in crate::conformance) struct SqliteBench {
    folder: Folder,
    clock: Arc<AtomicI64>,
    /// How often transactions of the stores waited for others.
    waited: Mutex<Vec<Arc<AtomicU64>>>,
}

impl SqliteBench {
    pub(in crate::conformance) fn new() -> Result<Self, Failed> {
        Ok(Self { folder: Folder::new()?, clock: Arc::new(AtomicI64::new(NOON)), waited: Mutex::default() })
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("selftest.db")
    }
}

#[async_trait]
impl Bench for SqliteBench {
    async fn open(&self) -> Result<Arc<dyn Store>, Failed> {
        let clock = Clock::Manual(Arc::clone(&self.clock));
        let store = SqliteStore::open(&self.path(), clock).await?;
        self.waited.lock().await.push(store.waited());
        Ok(Arc::new(store))
    }

    async fn raw(&self) -> Result<Box<dyn Raw>, Failed> {
        Ok(Box::new(SqliteRaw::connect(&self.path(), true).await?))
    }

    async fn raw_without_keys(&self) -> Result<Box<dyn Raw>, Failed> {
        Ok(Box::new(SqliteRaw::connect(&self.path(), false).await?))
    }

    async fn quiet(&self) -> Result<(), Failed> {
        // Whoever writes has the one lock from beginning to end.
        self.raw().await?.run("BEGIN IMMEDIATE; ROLLBACK").await
    }

    async fn settled(&self) -> Result<(), Failed> {
        Ok(())
    }

    async fn watch(&self) -> Result<(), Failed> {
        self.waited.lock().await.iter().for_each(|waited| waited.store(0, Ordering::Relaxed));
        Ok(())
    }

    async fn met(&self) -> Result<u64, Failed> {
        some(self.waited.lock().await.iter().map(|waited| waited.load(Ordering::Relaxed)).sum())
    }

    fn clock(&self) -> &Arc<AtomicI64> {
        &self.clock
    }

    fn spelling(&self) -> Spelling {
        SPELLING
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn remove(&self) -> Result<(), Failed> {
        // The folder goes with the bench.
        Ok(())
    }
}
