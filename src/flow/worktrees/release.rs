//! Frees the locks of an attempt with the move that ends it, whoever ends it on whatever machine. Where its folder is
//! does not matter: whoever comes next has it brought back.

use crate::domain::actor::Actor;
use crate::domain::job::Change as JobChange;
use crate::domain::machine::Word;
use crate::domain::worktree::{AnyWorktree, Change as WorktreeChange, InUse, Releasing, Row, Worktree};
use crate::flow::FlowError;
use crate::flow::follow::because;
use crate::store::{Change, JobRecord, Stamp, StoreError, Tx};

/// After a job's move, in its transaction: when it ended an attempt, that holds nothing any more, and waits for nothing.
/// Only jobs that change no code have such locks.
pub(in crate::flow) async fn locks_go(
    tx: &mut dyn Tx,
    job: &JobRecord,
    change: &JobChange,
) -> Result<(), FlowError> {
    if job.row.kind.changes_code() || !change.before().is_held() || change.after().is_held() {
        return Ok(());
    }
    let number = change.attempt_before();
    let Some(row) = tx.worktree(&job.row.id, number).await? else { return Ok(()) };
    let stamp = Stamp { attempt: Some(number), ..because(job, change.event().word()) };
    let now = tx.now();
    let releasing = match typed(row)? {
        AnyWorktree::Idle(it) => return apply(tx, it.give_up(now).into(), &stamp).await,
        AnyWorktree::AcquiringLock(it) => return apply(tx, it.give_up(now).into(), &stamp).await,
        AnyWorktree::CreatingOrReusing(it) => released(tx, it, &stamp).await?,
        AnyWorktree::Syncing(it) => released(tx, it, &stamp).await?,
        AnyWorktree::Ready(it) => released(tx, it, &stamp).await?,
        AnyWorktree::Releasing(it) => it,
        AnyWorktree::LockTimeout(_)
        | AnyWorktree::SyncFailed(_)
        | AnyWorktree::Released(_)
        | AnyWorktree::StaleReleased(_) => return Ok(()),
    };
    apply(tx, releasing.released(now).into(), &stamp).await
}

async fn released<S: InUse>(
    tx: &mut dyn Tx,
    worktree: Worktree<S>,
    stamp: &Stamp,
) -> Result<Worktree<Releasing>, FlowError> {
    let step = worktree.release();
    let next = step.next().clone();
    apply(tx, step.into(), stamp).await?;
    Ok(next)
}

/// Writes a move of a worktree.
pub(super) async fn apply(tx: &mut dyn Tx, change: WorktreeChange, stamp: &Stamp) -> Result<(), FlowError> {
    Ok(tx.apply(Change::Worktree(change), stamp).await?)
}

/// The worktree of a row.
pub(super) fn typed(row: Row) -> Result<AnyWorktree, StoreError> {
    AnyWorktree::try_from(row).map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })
}

/// What the server does to the worktree of an attempt by itself.
pub(super) fn of_attempt(number: u32) -> Stamp {
    Stamp { attempt: Some(number), ..Stamp::of(Actor::System) }
}
