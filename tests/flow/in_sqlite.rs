//! A SQLite file in the folder of the story.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sprintgate::store::Store;
use sprintgate::store::sqlite::{Clock, SqliteStore};
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnectOptions;

pub(super) use crate::store::sqlite::outbox::follows::follows_the_ledger;
pub(super) use sqlx::sqlite::SqliteConnection as Connection;

pub(crate) struct Database(PathBuf);

impl Database {
    pub(super) async fn new(folder: &Path) -> Self {
        Self(folder.join("db"))
    }

    pub(super) async fn open(&self, clock: Clock) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.0, clock).await.unwrap())
    }

    pub(super) async fn connect(&self) -> Connection {
        Connection::connect_with(&SqliteConnectOptions::new().filename(&self.0)).await.unwrap()
    }

    /// Returns when everything that was written can be read from the outbox.
    pub(super) async fn settled(&self) {}
}
