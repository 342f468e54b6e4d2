//! Frees the locks of worktrees whose lease ran out. A job that expires takes its locks along; this is for what is left
//! where that could not be.

use super::release::{apply, of_attempt, typed};
use crate::domain::time::Timestamp;
use crate::domain::worktree::{AnyWorktree, Change, Refusal, Row};
use crate::flow::{FlowError, Sprintgate};

/// Worktrees that one transaction resets at most.
const BATCH: u32 = 100;

impl Sprintgate {
    /// Resets every worktree whose lease ran out, of whatever machine; how many these were.
    pub(in crate::flow) async fn free_stale_locks(&self) -> Result<u64, FlowError> {
        let mut freed = 0;
        // Most looks find nothing, and shall not take the write lock for it.
        while !self.store.read().await?.stale_worktrees(1).await?.is_empty() {
            let some = self.again(|| self.free_some()).await?;
            if some == 0 {
                break;
            }
            freed += some;
        }
        Ok(freed)
    }

    async fn free_some(&self) -> Result<u64, FlowError> {
        let mut tx = self.store.begin().await?;
        let (now, mut freed) = (tx.now(), 0);
        for row in tx.stale_worktrees(BATCH).await? {
            let (job, attempt) = (row.job.clone(), row.attempt);
            match reset(row, now) {
                Some(Ok(change)) => {
                    apply(&mut *tx, change, &of_attempt(attempt)).await?;
                    freed += 1;
                }
                Some(Err(why)) => tracing::error!(%job, attempt, %why, "a stale worktree cannot be reset"),
                None => tracing::error!(%job, attempt, "a stale worktree cannot be read"),
            }
        }
        tx.commit().await?;
        Ok(freed)
    }
}

/// The move of a worktree whose lease ran out; none of a row that no move could have written, or that has no lease.
fn reset(row: Row, now: Timestamp) -> Option<Result<Change, Refusal>> {
    Some(match typed(row).ok()? {
        AnyWorktree::AcquiringLock(it) => it.stale_reset(now).map(Into::into),
        AnyWorktree::CreatingOrReusing(it) => it.stale_reset(now).map(Into::into),
        AnyWorktree::Syncing(it) => it.stale_reset(now).map(Into::into),
        AnyWorktree::Ready(it) => it.stale_reset(now).map(Into::into),
        AnyWorktree::Releasing(it) => it.stale_reset(now).map(Into::into),
        AnyWorktree::Idle(_)
        | AnyWorktree::LockTimeout(_)
        | AnyWorktree::SyncFailed(_)
        | AnyWorktree::Released(_)
        | AnyWorktree::StaleReleased(_) => return None,
    })
}
