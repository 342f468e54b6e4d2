//! From a stored row to a typed job; refuses rows that no move could have written.

use super::row::Row;
use super::state::{AnyJob, Brief, Cancelled, Claimed, Done, Failed, Job, Lease, Queued, Running};
use super::words::{EndCause, Kind, Status};
use crate::domain::gate::{Evidence, Grounds};
use crate::domain::machine::{Inconsistent, Reading};

pub(super) fn parse(mut row: Row) -> Result<AnyJob, Inconsistent> {
    super::shape::check(&row)?;
    Ok(match row.status {
        Status::Queued => {
            let not_before = need(&row, row.not_before, "not_before")?;
            AnyJob::Queued(job(row, Queued { not_before }))
        }
        Status::Claimed => {
            let (lease, brief) = (lease(&mut row)?, brief(&mut row)?);
            absent(&row, row.started_at.is_none(), "started_at")?;
            AnyJob::Claimed(job(row, Claimed { lease, brief }))
        }
        Status::Running => {
            let (lease, brief) = (lease(&mut row)?, brief(&mut row)?);
            let started_at = need(&row, row.started_at, "started_at")?;
            AnyJob::Running(job(row, Running { lease, brief, started_at }))
        }
        Status::Done => AnyJob::Done(done(row)?),
        Status::Failed => {
            let brief = brief(&mut row)?;
            let finished_at = need(&row, row.finished_at, "finished_at")?;
            let cause = need(&row, row.end_cause, "end_cause")?;
            let error = row.error.take();
            let error = need(&row, error, "error")?;
            let started_at = row.started_at;
            AnyJob::Failed(job(row, Failed { brief, started_at, finished_at, cause, error }))
        }
        Status::Cancelled => {
            let held = match row.claimed_at {
                Some(_) => Some((brief(&mut row)?, row.started_at)),
                None => None,
            };
            let finished_at = need(&row, row.finished_at, "finished_at")?;
            let cause = need(&row, row.end_cause, "end_cause")?;
            let reason = row.error.take();
            let reason = need(&row, reason, "error")?;
            let caused_by = row.caused_by.take();
            AnyJob::Cancelled(job(row, Cancelled { held, finished_at, cause, caused_by, reason }))
        }
    })
}

fn done(mut row: Row) -> Result<Job<Done>, Inconsistent> {
    let brief = brief(&mut row)?;
    let started_at = need(&row, row.started_at, "started_at")?;
    let finished_at = need(&row, row.finished_at, "finished_at")?;
    // Besides a waiver, DONE has one cause only.
    let grounds = if row.end_cause == Some(EndCause::Waived) {
        let (by, reason) = (row.waived_by.take(), row.waive_reason.take());
        Grounds::Waived { by: need(&row, by, "waived_by")?, reason: need(&row, reason, "waive_reason")? }
    } else {
        let kind = row.kind;
        let seen = || need(&row, brief.evidence.clone(), "verify_result");
        match kind {
            Kind::TaskImplementation => {
                let Evidence { result, commit, .. } = seen()?;
                Grounds::Verified { result, commit }
            }
            Kind::SprintImplementation => {
                let Evidence { result, commit, .. } = seen()?;
                Grounds::Aggregate { result, commit }
            }
            Kind::PlanChat => Grounds::NoCode { kind },
            Kind::IdeaGrill | Kind::IdeaMakePlan | Kind::IdeaReviewPlan => Grounds::Answered { kind },
        }
    };
    let (publication, summary) = (row.publication.take(), row.summary.take());
    Ok(job(row, Done { brief, started_at, finished_at, grounds, publication, summary }))
}

fn job<S>(row: Row, state: S) -> Job<S> {
    Job { id: row.id, kind: row.kind, attempt: row.attempt, state }
}

fn lease(row: &mut Row) -> Result<Lease, Inconsistent> {
    let (token, worker) = (row.token.take(), row.worker.take());
    Ok(Lease {
        token: need(row, token, "claimed_by_token_id")?,
        worker: need(row, worker, "worker_instance_id")?,
        until: need(row, row.lease_until, "lease_until")?,
    })
}

fn brief(row: &mut Row) -> Result<Brief, Inconsistent> {
    let plan = row.plan.take();
    Ok(Brief {
        claimed_at: need(row, row.claimed_at, "claimed_at")?,
        plan: need(row, plan, "plan_snapshot")?,
        policy: need(row, row.policy, "verify_required_snapshot")?,
        base: row.base.take(),
        evidence: row.evidence.take(),
    })
}

fn reading(row: &Row) -> Reading<'_> {
    Reading::new("job", row.id.as_str(), row.status)
}

fn need<T>(row: &Row, value: Option<T>, column: &'static str) -> Result<T, Inconsistent> {
    reading(row).need(value, column)
}

pub(super) fn absent(row: &Row, fits: bool, column: &'static str) -> Result<(), Inconsistent> {
    reading(row).fits(fits, column)
}
