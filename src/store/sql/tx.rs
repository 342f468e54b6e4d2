//! One transaction: its connection, its time, and what becomes of it.

use std::sync::Arc;

use async_trait::async_trait;

use super::dialect::{CLOCK, Db, DbArguments, DbRow, ONE_WRITER, Turn};
use super::doubt::{Mark, settle};
use super::error::store_error;
use super::seen::Seen;
use super::values::At;
use super::waker::Waker;
use crate::domain::id::JobId;
use crate::domain::time::Timestamp;
use crate::store::clock::Clock;
use crate::store::{Change, JobRecord, Stamp, StoreError, Tx};

/// A statement with what is bound to it.
pub(super) type Bound<'q> = sqlx::query::Query<'q, Db, DbArguments>;

/// What a commit is to those who wait.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum News {
    /// Nothing that anybody waits for.
    Nothing,
    /// Something was told in the outbox.
    Told,
    /// A job may have become claimable.
    Opening,
}

/// One transaction.
pub(super) struct DbTx {
    tx: sqlx::Transaction<'static, Db>,
    now: Timestamp,
    /// A test set it.
    time_is_set: bool,
    /// Whom a commit wakes; nobody when the transaction only reads.
    waker: Option<Arc<Waker>>,
    /// What its commit is to them.
    news: News,
    /// Whether an effect was written that may be tried.
    stirs: bool,
    /// Whether the connection keeps what it has prepared.
    prepares: bool,
    /// A statement failed: as in other databases, only undoing is left.
    broken: bool,
    /// Where to look for it, should its commit be in doubt: the database, the server's process, the last row of the
    /// ledger.
    pool: sqlx::Pool<Db>,
    process: i64,
    mark: Option<Mark>,
    /// The turn to write, where transactions take turns; given on when this is over.
    turn: Option<Turn>,
    /// The row that was read and locked last, until something is written.
    seen: Option<Seen>,
    /// The same, whole, when it was found to be claimed and not yet asked for.
    taken: Option<JobRecord>,
}

impl DbTx {
    pub(super) async fn start(
        mut tx: sqlx::Transaction<'static, Db>,
        clock: &Clock,
        waker: Option<Arc<Waker>>,
        pool: sqlx::Pool<Db>,
        turn: Option<Turn>,
        prepares: bool,
    ) -> Result<Self, StoreError> {
        let (now, process) = match clock.set() {
            Some(now) if ONE_WRITER || waker.is_none() => (now, 0),
            set => {
                let clock = sqlx::query_as(CLOCK).persistent(prepares);
                let (read, process): (i64, i64) = clock.fetch_one(&mut *tx).await.map_err(store_error)?;
                (set.unwrap_or(Timestamp(read)), process)
            }
        };
        Ok(Self {
            tx,
            now,
            time_is_set: clock.set().is_some(),
            waker,
            news: News::Nothing,
            stirs: false,
            prepares,
            broken: false,
            pool,
            process,
            mark: None,
            turn,
            seen: None,
            taken: None,
        })
    }

    /// Remembers the last row of the ledger that it writes.
    pub(super) fn mark(&mut self, mark: Mark) {
        self.mark = Some(mark);
    }

    /// It waited until this time for others.
    pub(super) fn waited(&mut self, until: Timestamp) {
        if !self.time_is_set {
            self.now = self.now.max(until);
        }
    }

    /// Notes what the commit will be to those who wait.
    pub(super) fn has(&mut self, news: News) {
        self.news = self.news.max(news);
    }

    /// Notes that an effect was written that may be tried.
    pub(super) fn stirs(&mut self) {
        self.stirs = true;
    }

    pub(super) fn time(&self) -> At {
        At(self.now)
    }

    pub(super) fn writes(&self) -> bool {
        self.waker.is_some()
    }

    /// Keeps what was read under a lock.
    pub(super) fn remember(&mut self, seen: Seen) {
        // Whoever had to wait for the lock may have missed the ledger row of those before him.
        self.seen = Some(seen).filter(|seen| seen.hash.is_some());
    }

    /// What was read of an entity under a lock, if nothing was written since.
    pub(super) fn recall(&mut self, machine: &str, entity: &str) -> Option<Seen> {
        self.seen.take().filter(|seen| seen.is(machine, entity))
    }

    /// Keeps a job that was found to be claimed.
    pub(super) fn take(&mut self, job: JobRecord) {
        self.taken = Some(job);
    }

    /// The job that was found to be claimed, once, if nothing was written since.
    pub(super) fn taken(&mut self, id: &JobId) -> Option<JobRecord> {
        self.taken.take().filter(|job| &job.row.id == id)
    }

    fn forget(&mut self) {
        (self.seen, self.taken) = (None, None);
    }

    /// The first of two statements in a transaction that only reads, the second, which locks, in one that writes.
    pub(super) fn either(&self, plain: &'static str, locking: &'static str) -> &'static str {
        if self.writes() { locking } else { plain }
    }

    /// The first row.
    pub(super) async fn one(&mut self, bound: Bound<'_>) -> Result<Option<DbRow>, StoreError> {
        let answer = bound.persistent(self.prepares).fetch_optional(&mut *self.tx).await;
        self.noted(answer).await
    }

    /// The one value of the one row that there always is.
    pub(super) async fn scalar<T>(&mut self, bound: Bound<'_>) -> Result<T, StoreError>
    where
        T: for<'r> sqlx::Decode<'r, Db> + sqlx::Type<Db>,
    {
        let row = bound.persistent(self.prepares).fetch_one(&mut *self.tx).await;
        let answer = row.and_then(|row| sqlx::Row::try_get(&row, 0));
        self.noted(answer).await
    }

    /// Every row.
    pub(super) async fn all(&mut self, bound: Bound<'_>) -> Result<Vec<DbRow>, StoreError> {
        let answer = bound.persistent(self.prepares).fetch_all(&mut *self.tx).await;
        self.noted(answer).await
    }

    /// How many rows were written.
    pub(super) async fn run(&mut self, bound: Bound<'_>) -> Result<u64, StoreError> {
        self.forget();
        let answer = bound.persistent(self.prepares).execute(&mut *self.tx).await;
        self.noted(answer).await.map(|done| done.rows_affected())
    }

    /// The one row that a writing statement gives back; none means that the row it needs in `table` is missing.
    pub(super) async fn written(&mut self, bound: Bound<'_>, table: &str) -> Result<DbRow, StoreError> {
        self.forget();
        let row = self.one(bound).await?;
        row.ok_or_else(|| {
            self.broken = true;
            StoreError::Refused { rule: format!("there is no such row in {table}") }
        })
    }

    /// So many rows are given back by a writing statement; fewer mean that others in `table` are missing.
    pub(super) async fn written_all(
        &mut self,
        bound: Bound<'_>,
        table: &str,
        rows: usize,
    ) -> Result<(), StoreError> {
        self.forget();
        let written = self.all(bound).await?.len();
        if written == rows {
            return Ok(());
        }
        self.broken = true;
        Err(StoreError::Refused { rule: format!("{written} of {rows} such rows are in {table}") })
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

    async fn apply_all(&mut self, moves: &[(Change, Stamp)]) -> Result<(), StoreError> {
        let before = std::mem::replace(&mut self.broken, true);
        super::moves::apply_all(self, moves).await?;
        self.broken = before;
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        if self.broken {
            return Err(StoreError::Refused {
                rule: "a transaction ends with its first failed statement".into(),
            });
        }
        let Self { tx, waker, news, stirs, pool, process, mark, turn: _held, .. } = *self;
        if let Err(error) = tx.commit().await {
            settle(error, &pool, process, mark.as_ref()).await?;
        }
        if let Some(waker) = &waker {
            if stirs {
                waker.stirred();
            }
            waker.committed(news);
        }
        Ok(())
    }
}
