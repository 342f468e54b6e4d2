//! One transaction: its connection, its time, and what becomes of it.

use std::sync::Arc;

use async_trait::async_trait;

use super::dialect::{CLOCK, Db, DbArguments, DbRow};
use super::error::{commit_error, store_error};
use super::values::At;
use super::waker::Waker;
use crate::domain::time::Timestamp;
use crate::store::clock::Clock;
use crate::store::{Change, Stamp, StoreError, Tx};

/// A statement with what is bound to it.
pub(super) type Bound<'q> = sqlx::query::Query<'q, Db, DbArguments>;

/// One transaction.
pub(super) struct DbTx {
    tx: sqlx::Transaction<'static, Db>,
    now: Timestamp,
    /// Whom a commit wakes; nobody when the transaction only reads.
    waker: Option<Arc<Waker>>,
    /// A statement failed: as in other databases, only undoing is left.
    broken: bool,
}

impl DbTx {
    pub(super) async fn start(
        mut tx: sqlx::Transaction<'static, Db>,
        clock: &Clock,
        waker: Option<Arc<Waker>>,
    ) -> Result<Self, StoreError> {
        let now = match clock.set() {
            Some(now) => now,
            None => Timestamp(sqlx::query_scalar(CLOCK).fetch_one(&mut *tx).await.map_err(store_error)?),
        };
        Ok(Self { tx, now, waker, broken: false })
    }

    pub(super) fn time(&self) -> At {
        At(self.now)
    }

    pub(super) fn writes(&self) -> bool {
        self.waker.is_some()
    }

    /// The first of two statements in a transaction that only reads, the second, which locks, in one that writes.
    pub(super) fn either(&self, plain: &'static str, locking: &'static str) -> &'static str {
        if self.writes() { locking } else { plain }
    }

    /// The first row.
    pub(super) async fn one(&mut self, bound: Bound<'_>) -> Result<Option<DbRow>, StoreError> {
        let answer = bound.fetch_optional(&mut *self.tx).await;
        self.noted(answer).await
    }

    /// The one value of the one row that there always is.
    pub(super) async fn scalar<T>(&mut self, bound: Bound<'_>) -> Result<T, StoreError>
    where
        T: for<'r> sqlx::Decode<'r, Db> + sqlx::Type<Db>,
    {
        let answer = bound.fetch_one(&mut *self.tx).await.and_then(|row| sqlx::Row::try_get(&row, 0));
        self.noted(answer).await
    }

    /// Every row.
    pub(super) async fn all(&mut self, bound: Bound<'_>) -> Result<Vec<DbRow>, StoreError> {
        let answer = bound.fetch_all(&mut *self.tx).await;
        self.noted(answer).await
    }

    /// How many rows were written.
    pub(super) async fn run(&mut self, bound: Bound<'_>) -> Result<u64, StoreError> {
        let answer = bound.execute(&mut *self.tx).await;
        self.noted(answer).await.map(|done| done.rows_affected())
    }

    /// The one row that a writing statement gives back; none means that the row it needs in `table` is missing.
    pub(super) async fn written(&mut self, bound: Bound<'_>, table: &str) -> Result<DbRow, StoreError> {
        let row = self.one(bound).await?;
        row.ok_or_else(|| {
            self.broken = true;
            StoreError::Refused { rule: format!("there is no such row in {table}") }
        })
    }

    /// What a statement came to. A database that answers at once would keep a task of many statements on its thread,
    /// a cascade of thousands of jobs for one; so others get their turn between them.
    async fn noted<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        tokio::task::consume_budget().await;
        answer.map_err(|error| {
            self.broken = true;
            store_error(error)
        })
    }
}

#[async_trait]
impl Tx for DbTx {
    fn now(&self) -> Timestamp {
        self.now
    }

    async fn apply(&mut self, change: Change, stamp: &Stamp) -> Result<(), StoreError> {
        // Whoever stops waiting for this in its middle is left with a transaction that can only be undone.
        let before = std::mem::replace(&mut self.broken, true);
        let done = super::apply::apply(self, &change, stamp).await;
        let untouched = matches!(&done, Ok(()) | Err(StoreError::Lost { .. }));
        self.broken = before || !untouched;
        done
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Refused {
                rule: "a transaction ends with its first failed statement".into(),
            });
        }
        self.tx.commit().await.map_err(commit_error)?;
        if let Some(waker) = &self.waker {
            waker.committed();
        }
        Ok(())
    }
}
