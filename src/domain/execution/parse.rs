//! From a stored row to a typed execution; refuses rows that no move could have written.

use super::row::Row;
use super::state::{AnyExecution, Done, Execution, Failed, Pending, Running, Skipped, Work};
use super::words::Status;
use crate::domain::job::REASON_MIN;
use crate::domain::machine::{Inconsistent, Reading};

pub(super) fn parse(mut row: Row) -> Result<AnyExecution, Inconsistent> {
    let id = row.id.clone();
    let reading = Reading::new("task execution", id.as_str(), row.status);
    shape(&row, reading)?;
    let (base, work) = (row.base.take(), work(&mut row));
    Ok(match row.status {
        Status::Pending => AnyExecution::Pending(of(row, Pending { base })),
        Status::Running => {
            let base = reading.need(base, "base_sha")?;
            let work = reading.need(work, "started_at")?;
            AnyExecution::Running(of(row, Running { base, work }))
        }
        Status::Done => {
            let base = reading.need(base, "base_sha")?;
            let Work { started_at, evidence, summary } = reading.need(work, "started_at")?;
            let finished_at = reading.need(row.finished_at, "finished_at")?;
            let evidence = reading.need(evidence, "verify_result")?;
            reading.fits(row.head.as_ref() == Some(&evidence.commit), "head_sha")?;
            AnyExecution::Done(of(row, Done { base, started_at, finished_at, evidence, summary }))
        }
        Status::Failed => {
            let base = reading.need(base, "base_sha")?;
            let work = reading.need(work, "started_at")?;
            let finished_at = reading.need(row.finished_at, "finished_at")?;
            let error = reading.need(row.error.take(), "error")?;
            AnyExecution::Failed(of(row, Failed { base, work, finished_at, error }))
        }
        Status::Skipped => {
            reading.fits(work.is_none() || base.is_some(), "base_sha")?;
            let finished_at = reading.need(row.finished_at, "finished_at")?;
            let reason = reading.need(row.skip_reason.take(), "skip_reason")?;
            let waiver = row.waiver.take();
            AnyExecution::Skipped(of(row, Skipped { base, work, finished_at, reason, waiver }))
        }
    })
}

/// What every status implies, whatever else a row holds.
fn shape(row: &Row, reading: Reading<'_>) -> Result<(), Inconsistent> {
    let status = row.status;
    let skipped = status == Status::Skipped;
    reading.fits(status.is_ended() == row.finished_at.is_some(), "finished_at")?;
    reading.fits(status != Status::Pending || row.started_at.is_none(), "started_at")?;
    reading.fits(row.started_at.is_some() || row.evidence.is_none(), "verify_result")?;
    reading.fits(row.started_at.is_some() || row.summary.is_none(), "verify_summary")?;
    reading.fits(status == Status::Done || row.head.is_none(), "head_sha")?;
    reading.fits((status == Status::Failed) == row.error.is_some(), "error")?;
    reading.fits(skipped == row.skip_reason.is_some(), "skip_reason")?;
    reading.fits(row.skip_reason.as_deref().is_none_or(reasoned), "skip_reason")?;
    reading.fits(skipped || row.waiver.is_none(), "waived_by")?;
    reading.fits(row.waiver.as_ref().is_none_or(|waiver| reasoned(&waiver.reason)), "waive_reason")
}

fn reasoned(reason: &str) -> bool {
    reason.trim().chars().count() >= REASON_MIN
}

fn work(row: &mut Row) -> Option<Work> {
    let (evidence, summary) = (row.evidence.take(), row.summary.take());
    row.started_at.map(|started_at| Work { started_at, evidence, summary })
}

fn of<S>(row: Row, state: S) -> Execution<S> {
    let Row { id, job, task, order, plan, policy, .. } = row;
    Execution { id, job, task, order, plan, policy, state }
}
