//! Attempts' holds on worktrees, and their locks.

use async_trait::async_trait;

use crate::domain::id::JobId;
use crate::domain::time::Millis;
use crate::domain::worktree::{Idle, Lock, Row, Worktree};
use crate::store::{LockHolder, Stamp, StoreError};

/// Worktrees.
#[async_trait]
pub trait Worktrees {
    /// Adds the worktree of an attempt, IDLE.
    async fn add_worktree(&mut self, new: &Worktree<Idle>, stamp: &Stamp) -> Result<(), StoreError>;
    /// The worktree of an attempt. In a transaction that writes, its row is locked.
    async fn worktree(&mut self, job: &JobId, attempt: u32) -> Result<Option<Row>, StoreError>;
    /// Those whose lease has run out, of whatever attempt: the first that did first. In a transaction that writes, they
    /// are locked, and those that another one has locked are left out.
    async fn stale_worktrees(&mut self, limit: u32) -> Result<Vec<Row>, StoreError>;
    /// Lengthens the lease, and that of its locks, to so long from now, also one that ran out; false when the worktree has
    /// none, as when it was reset for that. No lease becomes shorter.
    async fn renew_worktree(&mut self, job: &JobId, attempt: u32, lease: Millis) -> Result<bool, StoreError>;
    /// Who holds a lock. It is taken and freed with the moves of its holder, and by nothing else: when its time is
    /// over, its holder is reset first.
    async fn lock_holder(&mut self, lock: &Lock) -> Result<Option<LockHolder>, StoreError>;
}
