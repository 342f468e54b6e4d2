//! Locks of worktrees.

use crate::domain::id::JobId;
use crate::domain::time::Timestamp;

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockHolder {
    /// The job.
    pub job: JobId,
    /// The attempt of it.
    pub attempt: u32,
    /// The end of its lease.
    pub expires_at: Timestamp,
}
