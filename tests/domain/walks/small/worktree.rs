//! Worktrees: three attempts that want the same locks, and never hold one of them together.

use std::collections::BTreeSet;

use sprintgate::domain::machine::Change;
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::worktree::*;

use super::walker::{Machine, Throw, typed, walks};

const LEASE: Millis = Millis::minutes(5);

struct Worktrees;

fn product(n: u8) -> Lock {
    Lock::Product(format!("p{}", n % 3).parse().unwrap())
}

impl Machine for Worktrees {
    const NAME: &'static str = "worktree";
    type Row = Row;
    type Any = AnyWorktree;

    fn born(n: usize) -> Row {
        Worktree { job: format!("j{n}").parse().unwrap(), attempt: 1, state: Idle }.into()
    }

    typed!(AnyWorktree: Idle, AcquiringLock, LockTimeout, CreatingOrReusing, Syncing, SyncFailed, Ready, Releasing,
        Released, StaleReleased);

    fn fire(any: AnyWorktree, event: Event, throw: &Throw, others: &[AnyWorktree]) -> Option<Change<Row>> {
        use AnyWorktree as Any;
        let now = throw.now;
        // What ends an attempt comes less often, so that some get far.
        let ends = matches!(event, Event::JobTerminal | Event::SyncFailed);
        if ends && throw.b >= 80 {
            return None;
        }
        Some(match (event, any) {
            (Event::JobClaimed, Any::Idle(it)) => {
                let wants = Locks::of(vec![product(throw.a), product(throw.b)])?;
                it.ask(wants, now, LEASE).into()
            }
            (Event::LockAcquired, Any::AcquiringLock(it)) => it.acquire(others, now).ok()?.into(),
            (Event::LockTimeout, Any::AcquiringLock(it)) => it.time_out(product(throw.a), now).ok()?.into(),
            (Event::WorktreeReady, Any::CreatingOrReusing(it)) => it.made().into(),
            (Event::SyncDone, Any::Syncing(it)) => it.synced().into(),
            (Event::SyncFailed, Any::CreatingOrReusing(it)) => it.fail_sync("no space", now).into(),
            (Event::SyncFailed, Any::Syncing(it)) => it.fail_sync("no such commit", now).into(),
            (Event::JobTerminal, Any::Idle(it)) => it.give_up(now).into(),
            (Event::JobTerminal, Any::AcquiringLock(it)) => it.give_up(now).into(),
            (Event::JobTerminal, Any::CreatingOrReusing(it)) => it.release().into(),
            (Event::JobTerminal, Any::Syncing(it)) => it.release().into(),
            (Event::JobTerminal, Any::Ready(it)) => it.release().into(),
            (Event::Released, Any::Releasing(it)) => it.released(now).into(),
            (Event::StaleReset, Any::AcquiringLock(it)) => it.stale_reset(now).ok()?.into(),
            (Event::StaleReset, Any::CreatingOrReusing(it)) => it.stale_reset(now).ok()?.into(),
            (Event::StaleReset, Any::Syncing(it)) => it.stale_reset(now).ok()?.into(),
            (Event::StaleReset, Any::Ready(it)) => it.stale_reset(now).ok()?.into(),
            (Event::StaleReset, Any::Releasing(it)) => it.stale_reset(now).ok()?.into(),
            _ => return None,
        })
    }

    fn sound(rows: &[Row], now: Timestamp) -> Result<(), String> {
        let mut held = BTreeSet::new();
        for row in rows {
            let any = AnyWorktree::try_from(row.clone()).map_err(|bad| bad.to_string())?;
            for lock in any.held() {
                if !held.insert(lock.clone()) {
                    return Err(format!("{lock:?} is held twice: {rows:?}"));
                }
            }
            let ended = row.finished_at.is_none_or(|at| at <= now && row.lease_until.is_none());
            if !ended || row.lease_until.is_some_and(|until| until > now + LEASE) {
                return Err(format!("{row:?} at {now}"));
            }
        }
        Ok(())
    }
}

walks!(Worktrees);
