//! The words of the worktree-lease machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where an attempt's worktree is.
    pub enum Status: "worktree status" {
        /// Nothing is held.
        Idle = "IDLE",
        /// Waits for the locks of its branch or products.
        AcquiringLock = "ACQUIRING_LOCK",
        /// The locks did not come free in time.
        LockTimeout = "LOCK_TIMEOUT",
        /// The folder is made, or an old one is made fit.
        CreatingOrReusing = "CREATING_OR_REUSING",
        /// It is brought to the commit that work starts from.
        Syncing = "SYNCING",
        /// It could not be made or brought there.
        SyncFailed = "SYNC_FAILED",
        /// The agent works in it.
        Ready = "READY",
        /// The attempt ended; the locks are about to be freed.
        Releasing = "RELEASING",
        /// Nothing is held any more.
        Released = "RELEASED",
        /// The holder died; its locks were taken away.
        StaleReleased = "STALE_RELEASED",
    }
}

words! {
    /// What can happen to an attempt's worktree.
    pub enum Event: "worktree event" {
        /// A job that needs a worktree was claimed.
        JobClaimed = "job_claimed",
        /// All locks are held.
        LockAcquired = "lock_acquired",
        /// The wait for the locks is over.
        LockTimeout = "lock_timeout",
        /// The folder is there.
        WorktreeReady = "worktree_ready",
        /// It is at the commit that work starts from.
        SyncDone = "sync_done",
        /// It could not be made or brought there.
        SyncFailed = "sync_failed",
        /// The attempt ended.
        JobTerminal = "job_terminal",
        /// The locks are free.
        Released = "released",
        /// The holder gave no sign of life.
        StaleReset = "stale_reset",
    }
}

impl Status {
    /// Whether nothing can happen to it any more.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::LockTimeout | Self::SyncFailed | Self::Released | Self::StaleReleased)
    }

    /// Whether a lease runs: it holds locks, or waits for them.
    #[must_use]
    pub fn is_leased(self) -> bool {
        self.is_held() || self == Self::AcquiringLock
    }

    /// Whether it holds locks.
    #[must_use]
    pub fn is_held(self) -> bool {
        matches!(self, Self::CreatingOrReusing | Self::Syncing | Self::Ready | Self::Releasing)
    }
}
