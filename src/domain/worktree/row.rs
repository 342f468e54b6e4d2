//! The stored form of an attempt's worktree.

use super::lock::Lock;
use super::state::{
    AcquiringLock, AnyWorktree, CreatingOrReusing, Hold, Idle, LockTimeout, Ready, Released, Releasing,
    StaleReleased, State, SyncFailed, Syncing, Worktree,
};
use super::words::{Event, Status};
use crate::domain::id::JobId;
use crate::domain::machine::{self, Inconsistent, Stored};
use crate::domain::time::Timestamp;

/// What the status-writing statement stores of a worktree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The job.
    pub job: JobId,
    /// The attempt that owns it.
    pub attempt: u32,
    /// Where it is.
    pub status: Status,
    /// The locks that it holds, or waits for in ACQUIRING_LOCK; sorted, each once.
    pub locks: Vec<Lock>,
    /// Since when it waits; set in ACQUIRING_LOCK.
    pub waits_since: Option<Timestamp>,
    /// The end of the lease, by the database's clock.
    pub lease_until: Option<Timestamp>,
    /// The lock that did not come free.
    pub missing: Option<Lock>,
    /// Why it could not be made fit.
    pub error: Option<String>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

impl Row {
    /// The row of what is true in every state, and the state itself.
    fn bare<S: State>(worktree: Worktree<S>) -> (Self, S) {
        let Worktree { job, attempt, state } = worktree;
        let row = Self {
            job,
            attempt,
            status: S::STATUS,
            locks: Vec::new(),
            waits_since: None,
            lease_until: None,
            missing: None,
            error: None,
            finished_at: None,
        };
        (row, state)
    }

    fn holding(self, hold: Hold) -> Self {
        Self { locks: hold.locks.into(), lease_until: Some(hold.until), ..self }
    }
}

impl From<Worktree<Idle>> for Row {
    fn from(worktree: Worktree<Idle>) -> Self {
        Self::bare(worktree).0
    }
}

impl From<Worktree<AcquiringLock>> for Row {
    fn from(worktree: Worktree<AcquiringLock>) -> Self {
        let (row, AcquiringLock { wants, since, until }) = Self::bare(worktree);
        Self { locks: wants.into(), waits_since: Some(since), lease_until: Some(until), ..row }
    }
}

impl From<Worktree<LockTimeout>> for Row {
    fn from(worktree: Worktree<LockTimeout>) -> Self {
        let (row, LockTimeout { missing, finished_at }) = Self::bare(worktree);
        Self { missing: Some(missing), finished_at: Some(finished_at), ..row }
    }
}

impl From<Worktree<SyncFailed>> for Row {
    fn from(worktree: Worktree<SyncFailed>) -> Self {
        let (row, SyncFailed { error, finished_at }) = Self::bare(worktree);
        Self { error: Some(error), finished_at: Some(finished_at), ..row }
    }
}

macro_rules! rows {
    (held: $($held:ident),+; ended: $($ended:ident),+) => {
        $(impl From<Worktree<$held>> for Row {
            fn from(worktree: Worktree<$held>) -> Self {
                let (row, $held { hold }) = Self::bare(worktree);
                row.holding(hold)
            }
        })+
        $(impl From<Worktree<$ended>> for Row {
            fn from(worktree: Worktree<$ended>) -> Self {
                let (row, $ended { finished_at }) = Self::bare(worktree);
                Self { finished_at: Some(finished_at), ..row }
            }
        })+
    };
}
rows!(held: CreatingOrReusing, Syncing, Ready, Releasing; ended: Released, StaleReleased);

impl TryFrom<Row> for AnyWorktree {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        super::parse::parse(row)
    }
}
