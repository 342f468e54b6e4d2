//! A database and its transactions.

use async_trait::async_trait;
use tokio::sync::watch;

use super::{
    Archives, Backlog, Channel, Checkpoints, Effects, Executions, Hold, Ideas, Jobs, Leavers, Ledger, Many,
    Outbox, Prices, PullRequests, Questions, Requests, Runs, Salvages, Standing, Terms, Tokens, Workers,
    Worktrees,
};
use crate::domain::attempt::{Attempt, Held};
use crate::domain::job;
use crate::domain::time::Timestamp;
use crate::store::{Change, Stamp, StoreError};

/// A database.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Begins a transaction that may write. Dropping it without `commit` undoes it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the database stays locked for longer than the store's patience; [`StoreError::Away`]
    /// when it cannot be reached for so long.
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// Begins a transaction that only reads, from one snapshot.
    ///
    /// # Errors
    /// When the database cannot be read.
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// A number that moves when something was told in the outbox, by this process or another: a hint to look again,
    /// never a fact.
    fn changes(&self) -> watch::Receiver<u64>;

    /// A number that moves when a job may have become claimable: a hint that comes less often than that of `changes`,
    /// where the database can tell the two apart.
    fn openings(&self) -> watch::Receiver<u64> {
        self.changes()
    }

    /// A number that moves when an effect was added, or can be tried after another one: a hint that comes less often
    /// than that of `changes`, where the database can tell the two apart.
    fn effects(&self) -> watch::Receiver<u64> {
        self.changes()
    }

    /// Whether a transaction that may write keeps nobody else from writing, so that whoever may find nothing to write
    /// need not look first.
    fn tries_freely(&self) -> bool {
        false
    }

    /// The schema's version.
    ///
    /// # Errors
    /// When the database cannot be read.
    async fn schema_version(&self) -> Result<i64, StoreError>;
}

/// One transaction.
#[async_trait]
pub trait Tx:
    Tokens
    + Backlog
    + Ideas
    + Questions
    + Runs
    + Jobs
    + Many
    + Executions
    + PullRequests
    + Worktrees
    + Salvages
    + Prices
    + Workers
    + Effects
    + Ledger
    + Hold
    + Outbox
    + Channel
    + Checkpoints
    + Archives
    + Leavers
    + Requests
    + Terms
    + Standing
    + Send
{
    /// The transaction's time, by the database's clock; the same for its whole length.
    fn now(&self) -> Timestamp;

    /// Writes a status, with its ledger row and its event, in the one guarded statement: the row must still have the status
    /// (and, for a job, the attempt; for an effect, the try) that the decision was made on. A change of a job that ends its attempt
    /// ends the attempt's row too.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when it no longer has; [`StoreError::Refused`] when the database's own rules refuse.
    async fn apply(&mut self, change: Change, stamp: &Stamp) -> Result<(), StoreError>;

    /// Writes decided changes in their order, as `apply` does one after the other. Neighbours of one machine are written in
    /// statements of many rows, so that a batch costs a few of them. When one is refused, nothing of this transaction can
    /// last.
    ///
    /// # Errors
    /// As `apply`, of the first that is refused.
    async fn apply_all(&mut self, moves: &[(Change, Stamp)]) -> Result<(), StoreError>;
    /// Writes a claim's move, and adds the attempt that it makes.
    ///
    /// # Errors
    /// As [`Tx::apply`].
    async fn claim(
        &mut self,
        change: job::Change,
        attempt: &Attempt<Held>,
        stamp: &Stamp,
    ) -> Result<(), StoreError>;

    /// Makes everything of this transaction last, and wakes those who wait. When the connection is lost on the way, it is
    /// looked up whether it lasts: by the ledger. What writes no row there can be run again.
    ///
    /// # Errors
    /// When the database cannot; nothing of the transaction lasts then. [`StoreError::Unknown`] when that could not be
    /// looked up either.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
