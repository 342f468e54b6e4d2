//! From a stored row to a typed worktree; refuses rows that no move could have written.

use super::lock::Locks;
use super::row::Row;
use super::state::{
    AcquiringLock, AnyWorktree as Any, CreatingOrReusing, Hold, Idle, LockTimeout, Ready, Released,
    Releasing, StaleReleased, SyncFailed, Syncing, Worktree,
};
use super::words::Status;
use crate::domain::machine::{Inconsistent, Reading};

pub(super) fn parse(row: Row) -> Result<Any, Inconsistent> {
    let id = format!("{}/{}", row.job, row.attempt);
    let Row { job, attempt, status, locks, waits_since, lease_until, missing, error, finished_at } = row;
    let reading = Reading::new("worktree", &id, status);
    let leased = status.is_leased();
    reading.fits(attempt > 0, "attempt")?;
    reading.fits(leased || locks.is_empty(), "locks")?;
    reading.fits(leased == lease_until.is_some(), "lease_until")?;
    reading.fits((status == Status::AcquiringLock) == waits_since.is_some(), "waits_since")?;
    reading.fits((status == Status::LockTimeout) == missing.is_some(), "missing")?;
    reading.fits((status == Status::SyncFailed) == error.is_some(), "error")?;
    reading.fits(status.is_terminal() == finished_at.is_some(), "finished_at")?;
    let hold = || {
        let locks = Locks::try_from(locks).map_err(|_| reading.misfit("locks"))?;
        Ok::<_, Inconsistent>(Hold { locks, until: reading.need(lease_until, "lease_until")? })
    };
    let finished_at = || reading.need(finished_at, "finished_at");
    macro_rules! read {
        ($state:ident { $($field:ident: $value:expr),* }) => {{
            let state = $state { $($field: $value),* };
            Any::$state(Worktree { job, attempt, state })
        }};
    }
    Ok(match status {
        Status::Idle => Any::Idle(Worktree { job, attempt, state: Idle }),
        Status::AcquiringLock => {
            let Hold { locks, until } = hold()?;
            let since = reading.need(waits_since, "waits_since")?;
            read!(AcquiringLock { wants: locks, since: since, until: until })
        }
        Status::LockTimeout => {
            let missing = reading.need(missing, "missing")?;
            read!(LockTimeout { missing: missing, finished_at: finished_at()? })
        }
        Status::CreatingOrReusing => read!(CreatingOrReusing { hold: hold()? }),
        Status::Syncing => read!(Syncing { hold: hold()? }),
        Status::SyncFailed => {
            let error = reading.need(error, "error")?;
            read!(SyncFailed { error: error, finished_at: finished_at()? })
        }
        Status::Ready => read!(Ready { hold: hold()? }),
        Status::Releasing => read!(Releasing { hold: hold()? }),
        Status::Released => read!(Released { finished_at: finished_at()? }),
        Status::StaleReleased => read!(StaleReleased { finished_at: finished_at()? }),
    })
}
