//! What the cascade of a failed job did, in one line, beside the job's own error (defect 67).

use serde_json::Value;

use super::FlowError;
use crate::domain::cascade::{Traced, What, starts, trace};
use crate::domain::effect::{Kind, Status as EffectStatus};
use crate::domain::id::JobId;
use crate::domain::job::Status;
use crate::store::{EffectOutcome, JobRecord, Tx};

/// Siblings that are counted.
const SIBLINGS_MAX: u32 = 10_000;
/// Effects that are looked at.
const EFFECTS_MAX: u32 = 1000;

/// The line; none for a job that has not failed, and when its failure did nothing to others.
pub(super) async fn trace_of(tx: &mut dyn Tx, job: &JobRecord) -> Result<Option<String>, FlowError> {
    let cause = job.row.end_cause.filter(|_| job.row.status == Status::Failed);
    if !cause.is_some_and(|cause| starts(cause, true)) {
        return Ok(None);
    }
    let failed = &job.row.id;
    let mut jobs = tx.cancelled_because_of(failed, SIBLINGS_MAX).await?;
    let cancelled = jobs.len();
    jobs.push(failed.clone());
    let effects = tx.effects_of_jobs(&jobs, EFFECTS_MAX).await?;
    let traced: Vec<Traced> = effects.iter().filter_map(|one| traced(failed, one)).collect();
    Ok((cancelled > 0 || !traced.is_empty()).then(|| trace(cancelled, &traced)))
}

/// The effect as a part of the cascade; none for one that is no part of it: the failed job's own worktrees.
fn traced(failed: &JobId, one: &EffectOutcome) -> Option<Traced> {
    let own = one.effect.job.as_ref() == Some(failed);
    let payload =
        |name: &str| one.effect.payload.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let learned = |name: &str| one.learned.get(name).and_then(Value::as_str);
    let what = match one.effect.row.kind {
        Kind::RemoveWorktree if own => return None,
        Kind::RemoveWorktree => What::RemoveWorktree,
        Kind::ClosePr => What::Close { url: payload("url") },
        Kind::RevertPr => What::Revert { url: payload("url"), by: learned("reverted_by").map(str::to_owned) },
        Kind::DeleteBranch => What::DeleteBranch { branch: payload("branch") },
        _ => What::Other,
    };
    let was_merged = matches!(what, What::Close { .. }) && learned("state") == Some("MERGED");
    let passed_over =
        one.effect.row.status == EffectStatus::Done && (learned("passed_over").is_some() || was_merged);
    Some(Traced { what, status: one.effect.row.status, passed_over })
}
