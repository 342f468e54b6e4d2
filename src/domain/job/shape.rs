//! What each status implies of the columns. A column that says more than its state knows is refused as well: a row that
//! is read and written back is the row that was read.

use super::parse::absent;
use super::row::Row;
use super::words::{EndCause, Kind, Status};
use crate::domain::commit::CommitId;
use crate::domain::gate::Evidence;
use crate::domain::machine::Inconsistent;
use crate::domain::verify::VerifyResult;

/// Holds every column of a row against its status.
pub(super) fn check(row: &Row) -> Result<(), Inconsistent> {
    let is = |status| row.status == status;
    let (held, ended) = (row.status.is_held(), row.status.is_terminal());
    absent(row, held == row.lease_until.is_some(), "lease_until")?;
    absent(row, held == row.token.is_some(), "claimed_by_token_id")?;
    absent(row, held == row.worker.is_some(), "worker_instance_id")?;
    absent(row, ended == row.finished_at.is_some(), "finished_at")?;
    absent(row, row.end_cause.is_some_and(|cause| cause.ends(row.status)) == ended, "end_cause")?;
    absent(row, ended || row.end_cause.is_none(), "end_cause")?;
    absent(row, !held || row.attempt > 0, "attempt")?;
    absent(row, is(Status::Queued) == row.not_before.is_some(), "not_before")?;
    briefed(row)?;
    absent(row, is(Status::Done) || row.summary.is_none(), "summary")?;
    absent(row, (is(Status::Failed) || is(Status::Cancelled)) == row.error.is_some(), "error")?;
    absent(row, is(Status::Cancelled) || row.caused_by.is_none(), "caused_by")?;
    absent(row, row.end_cause != Some(EndCause::Cascade) || row.caused_by.is_some(), "caused_by")?;
    done(row)
}

/// What an attempt was given and has shown stands there together, or not at all.
fn briefed(row: &Row) -> Result<(), Inconsistent> {
    let briefed = row.claimed_at.is_some();
    let (may, must) = match row.status {
        Status::Queued => (false, false),
        Status::Cancelled => (true, false),
        Status::Claimed | Status::Running | Status::Done | Status::Failed => (true, true),
    };
    absent(row, may || !briefed, "claimed_at")?;
    absent(row, !must || briefed, "claimed_at")?;
    absent(row, briefed == row.plan.is_some(), "plan_snapshot")?;
    absent(row, briefed == row.policy.is_some(), "verify_required_snapshot")?;
    absent(row, briefed || row.base.is_none(), "base_sha")?;
    absent(row, briefed || row.evidence.is_none(), "verify_result")?;
    absent(row, briefed || row.started_at.is_none(), "started_at")
}

/// What only a job that is done can have: what was published, and a waiver.
fn done(row: &Row) -> Result<(), Inconsistent> {
    let waived = row.end_cause == Some(EndCause::Waived);
    absent(row, waived == row.waived_by.is_some(), "waived_by")?;
    absent(row, waived == row.waive_reason.is_some(), "waive_reason")?;
    let (is_done, seen) = (row.status == Status::Done, row.evidence.as_ref());
    let Some(published) = &row.publication else {
        let news = |seen: &Evidence| is_news(row.kind, seen.result, &seen.commit, row.base.as_ref());
        return absent(row, !is_done || waived || !seen.is_some_and(news), "head_sha");
    };
    let verified = seen.is_some_and(|seen| seen.commit == published.commit);
    absent(row, is_done && (waived || verified), "head_sha")
}

/// Whether a verdict says that the work has brought something which is published nowhere: something was changed, and
/// `commit` is not the one that the attempt set out from, which was published before it.
pub(super) fn is_news(kind: Kind, result: VerifyResult, commit: &CommitId, base: Option<&CommitId>) -> bool {
    kind.changes_code() && result != VerifyResult::Empty && base != Some(commit)
}

impl EndCause {
    /// Whether a job of that status can have ended so.
    fn ends(self, status: Status) -> bool {
        match self {
            Self::Finished | Self::Waived => status == Status::Done,
            Self::Reported | Self::Expired | Self::GivenBack | Self::Push => status == Status::Failed,
            Self::User | Self::Cascade | Self::Run | Self::Skipped => status == Status::Cancelled,
        }
    }
}
