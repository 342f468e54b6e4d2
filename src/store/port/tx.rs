//! A database and its transactions.

use async_trait::async_trait;
use tokio::sync::watch;

use super::{
    Backlog, Checkpoints, Effects, Executions, Hold, Ideas, Jobs, Ledger, Outbox, PullRequests, Questions,
    Requests, Runs, Standing, Tokens, Workers, Worktrees,
};
use crate::domain::time::Timestamp;
use crate::store::{Change, Stamp, StoreError};

/// A database.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Begins a transaction that may write. Dropping it without `commit` undoes it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the database stays locked for longer than the store's patience.
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// Begins a transaction that only reads, from one snapshot.
    ///
    /// # Errors
    /// When the database cannot be read.
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// A number that moves when something was committed, by this process or another: a hint to look again,
    /// never a fact.
    fn changes(&self) -> watch::Receiver<u64>;

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
    + Executions
    + PullRequests
    + Worktrees
    + Workers
    + Effects
    + Ledger
    + Hold
    + Outbox
    + Checkpoints
    + Requests
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

    /// Makes everything of this transaction last, and wakes those who wait.
    ///
    /// # Errors
    /// When the database cannot; nothing of the transaction lasts then.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
