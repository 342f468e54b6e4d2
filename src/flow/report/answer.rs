//! The answer to a report: the job as it is now, and what to do next.

use crate::domain::job::{EndCause, Row, Status};
use crate::domain::machine::Word;
use crate::domain::next_action::{NextAction, next_action};
use crate::domain::push::PushClass;
use crate::domain::push_rule::{PushFailed, PushRule};
use crate::flow::fresh::iso;
use crate::flow::holding::Holding;
use crate::flow::trace_cascade::trace_of;
use crate::flow::wire::Reported;
use crate::flow::{Caller, FlowError, Sprintgate, legal};
use crate::store::{JobRecord, TokenKind, Tx};

impl Sprintgate {
    /// Describes the job of the attempt, as it is now.
    pub(super) async fn reported(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        held: Holding,
    ) -> Result<Reported, FlowError> {
        let (record, attempt) = (held.job, held.attempt.row.number);
        let next_action = next(tx, caller, &record).await?;
        let cascade = trace_of(tx, &record).await?;
        let row = record.row;
        let (push, rule) = pushed(&row);
        Ok(Reported {
            job_id: row.id.to_string(),
            attempt: i64::from(attempt),
            status: row.status.word().to_lowercase(),
            end_cause: row.end_cause.map(|cause| cause.word().to_owned()),
            branch: record.branch,
            pushed_at: row.publication.as_ref().map(|published| iso(published.at)),
            head_sha: row.publication.map(|published| published.commit.to_string()),
            push_code: push.map(|class| class.code().to_owned()),
            push_rule: rule.map(|rule| rule.word().to_owned()),
            pr_url: None,
            verify_result: row.evidence.map(|seen| seen.result.word().to_lowercase()),
            summary: row.summary,
            error: row.error,
            cascade,
            started_at: row.started_at.map(iso),
            finished_at: row.finished_at.map(iso),
            next_action: next_action.word().to_owned(),
            replayed: false,
            legal_next: legal::next(row.status),
        })
    }
}

/// What came of the push, and the rule that forbids it; nothing for a job that was not to be pushed, or not yet.
fn pushed(row: &Row) -> (Option<PushClass>, Option<PushRule>) {
    match (row.status, &row.publication) {
        (_, Some(_)) => (Some(PushClass::Pushed), None),
        (Status::Done, None) if row.kind.changes_code() => (Some(PushClass::Nothing), None),
        _ if row.end_cause == Some(EndCause::Push) => {
            let failed = row.error.as_deref().and_then(PushFailed::of);
            (failed.map(|failed| failed.class), failed.and_then(|failed| failed.rule))
        }
        _ => (None, None),
    }
}

/// What the caller does next. An agent that works for one attempt claims no other job, and one that goes on with
/// its own need not ask.
async fn next(tx: &mut dyn Tx, caller: &Caller, job: &JobRecord) -> Result<NextAction, FlowError> {
    let claimable = match caller.token.kind {
        TokenKind::Attempt => None,
        _ if job.row.status.is_held() => None,
        // One is as good as many: that is an index look-up.
        _ => Some(u64::from(tx.any_claimable(caller.user()).await?)),
    };
    Ok(next_action(job.row.status, claimable))
}
