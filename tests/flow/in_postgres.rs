//! A PostgreSQL database of the story's own, with nothing in it but our schema.

use std::path::Path;
use std::sync::Arc;

use sprintgate::store::Store;
use sprintgate::store::postgres::{Clock, PostgresStore};
use sqlx::Connection as _;

use crate::store::postgres::in_postgres;

pub(super) use crate::store::postgres::outbox::follows::follows_the_ledger;
pub(super) use sqlx::postgres::PgConnection as Connection;

pub(crate) struct Database(in_postgres::Database);

impl Database {
    pub(super) async fn new(_folder: &Path) -> Self {
        Self(in_postgres::Database::strict().await)
    }

    pub(super) async fn open(&self, clock: Clock) -> Arc<dyn Store> {
        Arc::new(PostgresStore::open(self.0.url(), clock).await.unwrap())
    }

    pub(super) async fn connect(&self) -> Connection {
        Connection::connect(self.0.url()).await.unwrap()
    }

    /// Returns when everything that was written can be read from the outbox.
    pub(super) async fn settled(&self) {
        in_postgres::told(&self.0).await;
    }
}
