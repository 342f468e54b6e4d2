//! What can be done with an attempt's worktree, in order of its life.

use super::lock::{Lock, Locks};
use super::refusal::Refusal;
use super::state::{
    AcquiringLock, AnyWorktree, CreatingOrReusing, Hold, Idle, InUse, LOCK_WAIT, Leased, LockTimeout, Making,
    Ready, Released, Releasing, StaleReleased, Step, SyncFailed, Syncing, Waiting, Worktree,
};
use super::words::Event;
use crate::domain::time::{Millis, Timestamp};

impl Worktree<Idle> {
    /// Begins to wait for the locks of a job that was claimed.
    pub fn ask(self, wants: Locks, now: Timestamp, lease: Millis) -> Step<Idle, AcquiringLock> {
        self.step(Event::JobClaimed, |Idle| AcquiringLock { wants, since: now, until: now + lease })
    }
}

impl Worktree<AcquiringLock> {
    /// Takes all locks at once, or none. `others` are the worktrees that hold any of them, read under lock; one whose
    /// lease ran out holds its locks until it is reset.
    ///
    /// # Errors
    /// [`Refusal::Held`], naming the first lock that another attempt holds; [`Refusal::LeaseOver`] when the waiting
    /// attempt gave no sign of life itself.
    pub fn acquire(
        self,
        others: &[AnyWorktree],
        now: Timestamp,
    ) -> Result<Step<AcquiringLock, CreatingOrReusing>, Refusal> {
        if self.state.until < now {
            return Err(Refusal::LeaseOver { until: self.state.until });
        }
        for lock in self.state.wants.as_slice() {
            let holder = others.iter().find(|other| other.held().contains(lock));
            if let Some((job, attempt)) = holder.map(AnyWorktree::owner) {
                return Err(Refusal::Held { lock: lock.clone(), job: job.clone(), attempt });
            }
        }
        Ok(self.step(Event::LockAcquired, |AcquiringLock { wants, until, .. }| CreatingOrReusing {
            hold: Hold { locks: wants, until },
        }))
    }

    /// Gives up: `missing` was held by somebody else all the time.
    ///
    /// # Errors
    /// [`Refusal::StillWaits`] before [`LOCK_WAIT`] is over; [`Refusal::NotWanted`] for a lock that it does not wait
    /// for.
    pub fn time_out(
        self,
        missing: Lock,
        now: Timestamp,
    ) -> Result<Step<AcquiringLock, LockTimeout>, Refusal> {
        let until = self.state.since + LOCK_WAIT;
        if now < until {
            return Err(Refusal::StillWaits { until });
        }
        if !self.state.wants.as_slice().contains(&missing) {
            return Err(Refusal::NotWanted { lock: missing });
        }
        Ok(self.step(Event::LockTimeout, |_| LockTimeout { missing, finished_at: now }))
    }
}

impl<S: Waiting> Worktree<S> {
    /// Goes no further, because the attempt ended. Nothing was held, so that nothing has to be freed.
    pub fn give_up(self, now: Timestamp) -> Step<S, Released> {
        self.step(Event::JobTerminal, |_| Released { finished_at: now })
    }
}

impl Worktree<CreatingOrReusing> {
    /// Notes that the folder is there.
    pub fn made(self) -> Step<CreatingOrReusing, Syncing> {
        self.step(Event::WorktreeReady, |CreatingOrReusing { hold }| Syncing { hold })
    }
}

impl Worktree<Syncing> {
    /// Notes that it is at the commit that work starts from.
    pub fn synced(self) -> Step<Syncing, Ready> {
        self.step(Event::SyncDone, |Syncing { hold }| Ready { hold })
    }
}

impl<S: Making> Worktree<S> {
    /// Notes that it could not be made fit. The locks are free at once.
    pub fn fail_sync(self, error: impl Into<String>, now: Timestamp) -> Step<S, SyncFailed> {
        let error = error.into();
        self.step(Event::SyncFailed, |_| SyncFailed { error, finished_at: now })
    }
}

impl<S: InUse> Worktree<S> {
    /// Begins to let go, because the attempt ended, however that was. [`released`](Worktree::released) follows in the same
    /// transaction.
    pub fn release(self) -> Step<S, Releasing> {
        self.step(Event::JobTerminal, |state| Releasing { hold: state.into_hold() })
    }
}

impl Worktree<Releasing> {
    /// Frees the locks. The folder waits for whoever comes next, who has it brought back.
    pub fn released(self, now: Timestamp) -> Step<Releasing, Released> {
        self.step(Event::Released, |_| Released { finished_at: now })
    }
}

impl<S: Leased> Worktree<S> {
    /// Takes the locks from an attempt that gave no sign of life. Any process may, on any machine.
    ///
    /// # Errors
    /// [`Refusal::LeaseRuns`] while the lease runs.
    pub fn stale_reset(self, now: Timestamp) -> Result<Step<S, StaleReleased>, Refusal> {
        let until = self.state.until();
        if until >= now {
            return Err(Refusal::LeaseRuns { until });
        }
        Ok(self.step(Event::StaleReset, |_| StaleReleased { finished_at: now }))
    }

    /// The same worktree with a new lease, after a sign of life of its attempt. No move: where it is stays. A lease that ran
    /// out is renewed as well, as that of the job is, as long as nobody has reset the worktree for it.
    ///
    /// # Errors
    /// [`Refusal::NotOwner`] for another attempt than the owner's.
    pub fn renew(self, attempt: u32, now: Timestamp, lease: Millis) -> Result<Self, Refusal> {
        if attempt != self.attempt {
            return Err(Refusal::NotOwner { yours: attempt, owner: self.attempt });
        }
        Ok(Self { state: self.state.renewed(now + lease), ..self })
    }
}
