//! The worktree-lease machine: an attempt's hold on a worktree and its locks, from IDLE to RELEASED or STALE_RELEASED.
#![doc = include_str!("../../../docs/transitions/worktree.md")]

mod clauses;
mod lock;
mod moves;
mod parse;
mod refusal;
mod row;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use lock::{BadLocks, Lock, Locks, Needs, Places, locks_of};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AcquiringLock, AnyWorktree, CreatingOrReusing, Held, Hold, Idle, InUse, LOCK_WAIT, Leased, LockTimeout,
    Making, Ready, Released, Releasing, StaleReleased, State, Step, SyncFailed, Syncing, Worktree,
};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
