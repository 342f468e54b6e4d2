//! Why a move of a worktree was refused.

use super::lock::Lock;
use crate::domain::id::JobId;
use crate::domain::time::Timestamp;

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another attempt holds one of the locks. None was taken.
    #[error("{lock} is held by attempt {attempt} of job {job}")]
    Held {
        /// The first of them, in the order in which they are taken.
        lock: Lock,
        /// The holder's job.
        job: JobId,
        /// The holder's attempt.
        attempt: u32,
    },
    /// It has not waited long enough to give up.
    #[error("it waits for its locks until {until}")]
    StillWaits {
        /// Until when.
        until: Timestamp,
    },
    /// It waits for no such lock.
    #[error("it does not wait for {lock}")]
    NotWanted {
        /// The lock.
        lock: Lock,
    },
    /// The lease has not run out.
    #[error("the lease runs until {until}")]
    LeaseRuns {
        /// Its end.
        until: Timestamp,
    },
    /// The lease has run out, so that somebody else may end it at any moment.
    #[error("the lease ran out at {until}")]
    LeaseOver {
        /// Its end.
        until: Timestamp,
    },
    /// The caller's attempt does not own the worktree.
    #[error("attempt {yours} does not own the worktree of attempt {owner}")]
    NotOwner {
        /// The attempt that the caller spoke for.
        yours: u32,
        /// The attempt that owns it.
        owner: u32,
    },
}
