//! Whose turn it is among the tasks of a sprint job, and from which commit a task is judged.

use super::refusal::Refusal;
use super::state::{AnyExecution, Execution, Pending};
use super::words::Status;
use crate::domain::commit::CommitId;
use crate::domain::id::{ExecutionId, JobId};

/// Proof that it is the turn of one execution, and the commit that its work starts from. Only [`its_turn`] gives one.
#[derive(Debug, PartialEq, Eq)]
pub struct Turn {
    execution: ExecutionId,
    base: CommitId,
}

impl Turn {
    /// The execution it was given to.
    #[must_use]
    pub fn execution(&self) -> &ExecutionId {
        &self.execution
    }

    /// The commit that the work starts from.
    #[must_use]
    pub fn base(&self) -> &CommitId {
        &self.base
    }

    pub(super) fn into_base(self) -> CommitId {
        self.base
    }
}

/// Whether an execution may start, among the rows of its job: no other runs, and none before it waits.
///
/// # Errors
/// [`Refusal::ForeignRow`]; [`Refusal::NotItsTurn`], naming the first that keeps it from starting;
/// [`Refusal::MissingBase`].
pub fn its_turn(rows: &[AnyExecution], execution: &Execution<Pending>) -> Result<Turn, Refusal> {
    let (job, order) = (&execution.job, execution.order);
    all_of(job, rows)?;
    let ahead = |row: &&AnyExecution| match row.status() {
        Status::Running => true,
        Status::Pending => row.order() < order,
        Status::Done | Status::Failed | Status::Skipped => false,
    };
    if let Some(ahead) = rows.iter().filter(ahead).min_by_key(|row| row.order()) {
        return Err(Refusal::NotItsTurn { order, ahead: ahead.order(), status: ahead.status() });
    }
    Ok(Turn { execution: execution.id.clone(), base: base_of(job, rows, order)? })
}

/// From which commit the execution at `order` is judged, among the rows of `job`: from its own base; else from the
/// head of the one before it that was DONE last (the nearest, unless an earlier one was done again); else from the
/// base of the nearest one before it that has one, because what was skipped or failed left nothing that counts.
///
/// # Errors
/// [`Refusal::ForeignRow`]; [`Refusal::MissingBase`] when there is none of them.
pub fn base_of(job: &JobId, rows: &[AnyExecution], order: u32) -> Result<CommitId, Refusal> {
    all_of(job, rows)?;
    let own = rows.iter().find(|row| row.order() == order).and_then(AnyExecution::base);
    let before = || rows.iter().filter(|row| row.order() < order);
    let last_head = || {
        let done = before().filter_map(|row| match row {
            AnyExecution::Done(done) => Some(done),
            _ => None,
        });
        let last = done.max_by_key(|done| (done.state.finished_at, done.order));
        last.map(|done| &done.state.evidence.commit)
    };
    let nearest_base = || {
        let based = before().filter(|row| row.base().is_some());
        based.max_by_key(|row| row.order()).and_then(AnyExecution::base)
    };
    own.or_else(last_head).or_else(nearest_base).cloned().ok_or(Refusal::MissingBase { order })
}

/// A row of another job would keep a task from starting, or give it a commit that its branch does not have.
fn all_of(job: &JobId, rows: &[AnyExecution]) -> Result<(), Refusal> {
    match rows.iter().find(|row| row.job() != job) {
        Some(row) => Err(Refusal::ForeignRow { row: row.id().clone(), theirs: row.job().clone() }),
        None => Ok(()),
    }
}
