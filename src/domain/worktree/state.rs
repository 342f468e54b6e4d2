//! What is true in each state of an attempt's worktree. Locks stand only where they are held or waited for.

use super::lock::{Lock, Locks};
use super::words::{Event, Status};
use crate::domain::id::JobId;
use crate::domain::machine::{self, To, states};
use crate::domain::time::{Millis, Timestamp};

/// How long an attempt waits for its locks before it is given back (`original` 8.6: 60 tries, a second each).
pub const LOCK_WAIT: Millis = Millis::minutes(1);

/// The worktree of one attempt, in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worktree<S> {
    /// The job.
    pub job: JobId,
    /// The attempt that owns it.
    pub attempt: u32,
    /// What is true in this state.
    pub state: S,
}

/// Locks that are held, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The locks.
    pub locks: Locks,
    /// The end of the lease, by the database's clock.
    pub until: Timestamp,
}

/// Nothing is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle;

/// Waits for its locks and holds none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcquiringLock {
    /// The locks it waits for.
    pub wants: Locks,
    /// Since when it waits.
    pub since: Timestamp,
    /// The end of the lease, by the database's clock.
    pub until: Timestamp,
}

/// The locks did not come free in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockTimeout {
    /// The one that somebody else held last.
    pub missing: Lock,
    /// When it gave up.
    pub finished_at: Timestamp,
}

/// The folder is made, or an old one is made fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatingOrReusing {
    /// What it holds.
    pub hold: Hold,
}

/// It is brought to the commit that work starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syncing {
    /// What it holds.
    pub hold: Hold,
}

/// It could not be made or brought there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncFailed {
    /// Why, in git's words.
    pub error: String,
    /// When.
    pub finished_at: Timestamp,
}

/// The agent works in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// What it holds.
    pub hold: Hold,
}

/// The attempt ended; the locks are about to be freed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Releasing {
    /// What it still holds.
    pub hold: Hold,
}

/// Nothing is held any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// When.
    pub finished_at: Timestamp,
}

/// The holder died; its locks were taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleReleased {
    /// When.
    pub finished_at: Timestamp,
}

states! {
    Worktree { job, attempt }, AnyWorktree:
    Idle, AcquiringLock, LockTimeout, CreatingOrReusing, Syncing, SyncFailed, Ready, Releasing, Released, StaleReleased
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}

/// Nothing is held yet, so that nothing has to be put away.
pub trait Waiting: State + To<Released> {}
impl Waiting for Idle {}
impl Waiting for AcquiringLock {}

/// A lease runs; when it has run out, anybody may end it.
pub trait Leased: State + To<StaleReleased> {
    /// The end of the lease, by the database's clock.
    fn until(&self) -> Timestamp;
    /// The same with another end.
    fn renewed(self, until: Timestamp) -> Self;
}

impl Leased for AcquiringLock {
    fn until(&self) -> Timestamp {
        self.until
    }
    fn renewed(self, until: Timestamp) -> Self {
        Self { until, ..self }
    }
}

/// Locks are held.
pub trait Held: Leased {
    /// Takes out what it holds.
    fn into_hold(self) -> Hold;
}

macro_rules! held {
    ($($state:ident),+) => {$(
        impl Leased for $state {
            fn until(&self) -> Timestamp {
                self.hold.until
            }
            fn renewed(self, until: Timestamp) -> Self {
                Self { hold: Hold { until, ..self.hold } }
            }
        }

        impl Held for $state {
            fn into_hold(self) -> Hold {
                self.hold
            }
        }
    )+};
}
held!(CreatingOrReusing, Syncing, Ready, Releasing);

/// The folder is being made fit.
pub trait Making: Held + To<SyncFailed> {}
impl Making for CreatingOrReusing {}
impl Making for Syncing {}

/// The attempt ends while it holds locks.
pub trait InUse: Held + To<Releasing> {}
impl InUse for CreatingOrReusing {}
impl InUse for Syncing {}
impl InUse for Ready {}

impl AnyWorktree {
    /// The locks that are held, so that nobody else may take them.
    #[must_use]
    pub fn held(&self) -> &[Lock] {
        match self {
            Self::CreatingOrReusing(it) => it.state.hold.locks.as_slice(),
            Self::Syncing(it) => it.state.hold.locks.as_slice(),
            Self::Ready(it) => it.state.hold.locks.as_slice(),
            Self::Releasing(it) => it.state.hold.locks.as_slice(),
            Self::Idle(_)
            | Self::AcquiringLock(_)
            | Self::LockTimeout(_)
            | Self::SyncFailed(_)
            | Self::Released(_)
            | Self::StaleReleased(_) => &[],
        }
    }

    /// The job and the attempt that own it.
    #[must_use]
    pub fn owner(&self) -> (&JobId, u32) {
        match self {
            Self::Idle(it) => (&it.job, it.attempt),
            Self::AcquiringLock(it) => (&it.job, it.attempt),
            Self::LockTimeout(it) => (&it.job, it.attempt),
            Self::CreatingOrReusing(it) => (&it.job, it.attempt),
            Self::Syncing(it) => (&it.job, it.attempt),
            Self::SyncFailed(it) => (&it.job, it.attempt),
            Self::Ready(it) => (&it.job, it.attempt),
            Self::Releasing(it) => (&it.job, it.attempt),
            Self::Released(it) => (&it.job, it.attempt),
            Self::StaleReleased(it) => (&it.job, it.attempt),
        }
    }
}
