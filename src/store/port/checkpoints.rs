//! Checkpoints of the ledger.

use async_trait::async_trait;

use crate::store::{Checkpoint, Seal, StoreError, Unbound};

/// Checkpoints, written and read.
#[async_trait]
pub trait Checkpoints {
    /// The rows that no checkpoint binds yet; nothing when all are bound.
    async fn unbound(&mut self) -> Result<Option<Unbound>, StoreError>;

    /// Waits until no other transaction has rows of the ledger under way, and lets none begin. It waits a moment only, for
    /// all who write wait with it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when somebody has rows under way for longer.
    async fn still(&mut self) -> Result<(), StoreError>;

    /// Writes the next checkpoint, over the first rows that none binds, at most `limit`; nothing when all are bound.
    /// No row with a smaller number can come to last later: whoever has written one that does not last yet is waited
    /// for as [`still`](Self::still) waits.
    async fn add_checkpoint(&mut self, limit: u32) -> Result<Option<Checkpoint>, StoreError>;

    /// The last checkpoint.
    async fn last_checkpoint(&mut self) -> Result<Option<Checkpoint>, StoreError>;

    /// The last number that the database gave to a row of the ledger; it may belong to none. No checkpoint binds a row
    /// with a higher one.
    async fn last_number(&mut self) -> Result<i64, StoreError>;

    /// Checkpoints after number `after`, in order, at most `limit`.
    async fn checkpoints(&mut self, after: i64, limit: u32) -> Result<Vec<Checkpoint>, StoreError>;

    /// The rows after `after` up to and with `upto`, in order, at most `limit`: those that are there, and those of which
    /// the seal is, which left for an archive.
    async fn seals(&mut self, after: i64, upto: i64, limit: u32) -> Result<Vec<Seal>, StoreError>;
}
