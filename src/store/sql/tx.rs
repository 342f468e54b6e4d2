//! One transaction: its connection, its time, and what becomes of it.

use std::sync::Arc;

use async_trait::async_trait;

use super::dialect::{Db, DbArguments, DbRow, ONE_WRITER, Turn};
use super::doubt::{Mark, settle};
use super::error::store_error;
use super::opened::Opened;
use super::seen::Seen;
use super::values::At;
use super::waker::Waker;
use crate::domain::attempt::{Attempt, Held};
use crate::domain::id::JobId;
use crate::domain::job;
use crate::domain::time::Timestamp;
use crate::store::clock::Clock;
use crate::store::{Change, ClaimFacts, JobRecord, Stamp, StoreError, Tx};

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
    tx: Opened,
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
    /// Where to look for it, should its commit be in doubt: the database, and the last row of the ledger.
    pool: sqlx::Pool<Db>,
    mark: Option<Mark>,
    /// The turn to write, where transactions take turns; given on when this is over.
    turn: Option<Turn>,
    /// Nobody else writes what is derived from several rows of this transaction's product.
    alone: bool,
    /// Rows that were read and locked, each until it is moved, and all until something is noted.
    seen: Vec<Seen>,
    /// The job that was found to be claimed, whole, when it is not yet asked for; with what its guards read.
    taken: Option<JobRecord>,
    facts: Option<(JobId, ClaimFacts)>,
    /// The attempt that was read beside its job.
    held: Option<(Seen, Attempt<Held>)>,
}

impl DbTx {
    pub(super) fn start(
        tx: Opened,
        clock: &Clock,
        waker: Option<Arc<Waker>>,
        pool: sqlx::Pool<Db>,
        turn: Option<Turn>,
        prepares: bool,
    ) -> Self {
        Self {
            now: clock.set().unwrap_or(tx.now),
            tx,
            time_is_set: clock.set().is_some(),
            waker,
            news: News::Nothing,
            stirs: false,
            prepares,
            broken: false,
            pool,
            mark: None,
            turn,
            alone: false,
            seen: Vec::new(),
            taken: None,
            facts: None,
            held: None,
        }
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
        self.seen.retain(|known| !known.is_of(&seen));
        if seen.hash.is_some() || cfg!(bench_bare) {
            self.seen.push(seen);
        }
    }

    /// It holds its product.
    pub(super) fn holds(&mut self) {
        self.alone = true;
    }

    /// Whether nobody else writes what is derived from several rows.
    pub(super) fn is_alone(&self) -> bool {
        self.writes() && (ONE_WRITER || self.alone)
    }

    /// What was read of an entity under a lock, if nothing was written since.
    pub(super) fn recall(&mut self, machine: &str, entity: &str) -> Option<Seen> {
        let place = self.seen.iter().position(|seen| seen.is(machine, entity))?;
        Some(self.seen.swap_remove(place))
    }

    /// Keeps a job that was found to be claimed, and what its guards read.
    pub(super) fn take(&mut self, job: JobRecord, facts: ClaimFacts) {
        (self.facts, self.taken) = (Some((job.row.id.clone(), facts)), Some(job));
    }

    /// What the guards of a claim read of that job, once, if it was found to be claimed and nothing was written since.
    pub(super) fn facts(&mut self, id: &JobId) -> Option<ClaimFacts> {
        self.facts.take().filter(|(of, _)| of == id).map(|(_, facts)| facts)
    }

    /// Keeps the attempt that was read beside its job, whose row is locked.
    pub(super) fn hold_attempt(&mut self, seen: Seen, attempt: Attempt<Held>) {
        self.held = Some((seen, attempt)).filter(|(seen, _)| seen.hash.is_some() || cfg!(bench_bare));
    }

    /// The attempt that was read beside its job, once, if nothing was noted since.
    pub(super) fn held_attempt(&mut self, job: &JobId, number: u32) -> Option<(Seen, Attempt<Held>)> {
        self.held.take().filter(|(_, attempt)| &attempt.job == job && attempt.number == number)
    }

    /// The job that was found to be claimed, once, if nothing was written since.
    pub(super) fn taken(&mut self, id: &JobId) -> Option<JobRecord> {
        self.taken.take().filter(|job| &job.row.id == id)
    }

    fn forget(&mut self) {
        self.seen.clear();
        (self.taken, self.facts, self.held) = (None, None, None);
    }

    /// The first of two statements in a transaction that only reads, the second, which locks, in one that writes.
    pub(super) fn either(&self, plain: &'static str, locking: &'static str) -> &'static str {
        if self.writes() { locking } else { plain }
    }

    /// The first row.
    pub(super) async fn one(&mut self, bound: Bound<'_>) -> Result<Option<DbRow>, StoreError> {
        let answer = match self.tx.connection() {
            Ok(connection) => bound.persistent(self.prepares).fetch_optional(connection).await,
            Err(error) => Err(error),
        };
        self.noted(answer).await
    }

    /// The one value of the one row that there always is.
    pub(super) async fn scalar<T>(&mut self, bound: Bound<'_>) -> Result<T, StoreError>
    where
        T: for<'r> sqlx::Decode<'r, Db> + sqlx::Type<Db>,
    {
        let row = self.one(bound).await?;
        let value = row.ok_or(sqlx::Error::RowNotFound).and_then(|row| sqlx::Row::try_get(&row, 0));
        value.map_err(|error| {
            self.broken = true;
            store_error(error)
        })
    }

    /// Every row.
    pub(super) async fn all(&mut self, bound: Bound<'_>) -> Result<Vec<DbRow>, StoreError> {
        let answer = match self.tx.connection() {
            Ok(connection) => bound.persistent(self.prepares).fetch_all(connection).await,
            Err(error) => Err(error),
        };
        self.noted(answer).await
    }

    /// How many rows were written.
    pub(super) async fn run(&mut self, bound: Bound<'_>) -> Result<u64, StoreError> {
        self.forget();
        let answer = match self.tx.connection() {
            Ok(connection) => bound.persistent(self.prepares).execute(connection).await,
            Err(error) => Err(error),
        };
        self.noted(answer).await.map(|done| done.rows_affected())
    }

    /// Adds a row that no other one is read with: what was read stays true.
    pub(super) async fn add(&mut self, bound: Bound<'_>) -> Result<(), StoreError> {
        self.one(bound).await.map(drop)
    }

    /// Moves a row as the decision saw it; none means that it is not there.
    pub(super) async fn moved(&mut self, bound: Bound<'_>, table: &str) -> Result<(), StoreError> {
        (self.taken, self.facts) = (None, None);
        self.the_row(bound, table).await.map(drop)
    }

    /// Moves a job as the decision saw it, and its attempt with it.
    pub(super) async fn moved_both(&mut self, bound: Bound<'_>) -> Result<(), StoreError> {
        (self.taken, self.facts) = (None, None);
        let row = self.the_row(bound, "job").await?;
        match sqlx::Row::try_get::<i64, _>(&row, "attempts") {
            Ok(1) => Ok(()),
            Ok(_) => {
                self.broken = true;
                Err(StoreError::Refused { rule: "there is no such row in attempt".to_owned() })
            }
            Err(error) => Err(store_error(error)),
        }
    }

    /// The one row that a writing statement gives back; none means that the row it needs in `table` is missing.
    pub(super) async fn written(&mut self, bound: Bound<'_>, table: &str) -> Result<DbRow, StoreError> {
        self.forget();
        self.the_row(bound, table).await
    }

    /// Adds the first row with its key. When another transaction did so meanwhile, nothing of this one can last: what was
    /// noted of the row cannot be taken back.
    pub(super) async fn first(
        &mut self,
        bound: Bound<'_>,
        machine: &'static str,
        entity: &str,
        expected: &'static str,
    ) -> Result<(), StoreError> {
        self.forget();
        if self.one(bound).await?.is_none() {
            self.broken = true;
            return Err(StoreError::Lost { machine, entity: entity.to_owned(), expected });
        }
        Ok(())
    }

    async fn the_row(&mut self, bound: Bound<'_>, table: &str) -> Result<DbRow, StoreError> {
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

    async fn claim(
        &mut self,
        change: job::Change,
        attempt: &Attempt<Held>,
        stamp: &Stamp,
    ) -> Result<(), StoreError> {
        let before = std::mem::replace(&mut self.broken, true);
        let done = super::apply::claim(self, &Change::Job(change), attempt, stamp).await;
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
        let Self { tx, waker, news, stirs, pool, mark, turn: _held, .. } = *self;
        let process = tx.process;
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
