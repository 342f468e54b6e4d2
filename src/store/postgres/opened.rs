//! A transaction that has begun: begun and asked for its time in one journey to the server, undone when it is dropped.

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, Postgres};
use sqlx::{AssertSqlSafe, Executor, Row};

use super::dialect::CLOCK;
use crate::domain::time::Timestamp;

/// A connection within a transaction.
pub(super) struct Opened {
    /// Gone when the transaction is over.
    connection: Option<PoolConnection<Postgres>>,
    /// When it began.
    pub(super) now: Timestamp,
    /// The number of the server's process.
    pub(super) process: i64,
}

impl Opened {
    /// Begins with these statements; the clock is read last.
    pub(super) async fn begin(pool: &PgPool, begin: &str) -> Result<Self, sqlx::Error> {
        let connection = Some(pool.acquire().await?);
        let mut opened = Self { connection, now: Timestamp(0), process: 0 };
        // Both are texts of our own. Whoever stops waiting here leaves a connection that undoes what it began.
        let row =
            sqlx::raw_sql(AssertSqlSafe(format!("{begin}; {CLOCK}"))).fetch_one(opened.connection()?).await?;
        (opened.now, opened.process) = (Timestamp(row.try_get(0)?), row.try_get(1)?);
        Ok(opened)
    }

    /// Where its statements run.
    pub(super) fn connection(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Makes it last.
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        // What is sent is sent: a COMMIT that nobody waits for is not undone.
        match self.connection.take() {
            Some(mut connection) => connection.execute("COMMIT").await.map(drop),
            None => Err(sqlx::Error::PoolClosed),
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    if connection.execute("ROLLBACK").await.is_err() {
                        drop(connection.detach());
                    }
                });
            }
            // The server undoes what a connection leaves that ends.
            Err(_) => drop(connection.detach()),
        }
    }
}
