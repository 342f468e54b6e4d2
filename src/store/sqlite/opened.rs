//! A transaction that has begun, with its time; undone when it is dropped.

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Sqlite, Transaction};

use super::dialect::CLOCK;
use crate::domain::time::Timestamp;

/// A connection within a transaction.
pub(super) struct Opened {
    tx: Transaction<'static, Sqlite>,
    /// When it began.
    pub(super) now: Timestamp,
    /// No other process serves a connection.
    pub(super) process: i64,
}

impl Opened {
    /// Begins with this statement.
    pub(super) async fn begin(pool: &SqlitePool, begin: &'static str) -> Result<Self, sqlx::Error> {
        let mut tx = pool.begin_with(begin).await?;
        let (now, process): (i64, i64) = sqlx::query_as(CLOCK).fetch_one(&mut *tx).await?;
        Ok(Self { tx, now: Timestamp(now), process })
    }

    /// Where its statements run.
    #[allow(clippy::unnecessary_wraps, reason = "where a connection comes from a server, it may be gone")]
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        Ok(&mut self.tx)
    }

    /// Makes it last.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await
    }
}
