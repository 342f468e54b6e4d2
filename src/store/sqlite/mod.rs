//! Placeholder until the SQLite adapter lands.
#![allow(missing_docs)]

use std::path::Path;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{Store, StoreError, Tx};

#[derive(Debug, Clone)]
pub enum Clock {
    Database,
}

pub enum SqliteStore {}

impl SqliteStore {
    pub async fn open(path: &Path, _clock: Clock) -> Result<Self, StoreError> {
        Err(StoreError::Open { at: path.display().to_string(), source: "not built yet".into() })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        match *self {}
    }
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        match *self {}
    }
    fn changes(&self) -> watch::Receiver<u64> {
        match *self {}
    }
    async fn schema_version(&self) -> Result<i64, StoreError> {
        match *self {}
    }
}
