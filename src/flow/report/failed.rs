//! `failed`: the worker says that the work failed. Siblings are cancelled in the same transaction.

use serde_json::json;

use super::update::{Before, Report};
use crate::domain::job::{AnyJob, Failure};
use crate::domain::push_rule::PushFailed;
use crate::flow::follow::any;
use crate::flow::wire::Reported;
use crate::flow::{FlowError, Sprintgate};

/// What stands in the record of a failure that was reported without a word.
const NO_WORD: &str = "the worker reported a failure and no reason";

impl Sprintgate {
    pub(super) async fn report_failed(&self, report: &Report<'_>) -> Result<Reported, FlowError> {
        let error = report.ask.error.as_deref().filter(|text| !text.trim().is_empty()).unwrap_or(NO_WORD);
        self.fail(report, Failure::Reported(error.to_owned())).await
    }

    /// Ends the job as FAILED for this reason.
    pub(super) async fn fail(&self, report: &Report<'_>, why: Failure) -> Result<Reported, FlowError> {
        let mut open = match self.open(report).await? {
            Before::Answered(answer) => return Ok(*answer),
            Before::New(open) => open,
        };
        let pushed = match &why {
            Failure::Push(error) => PushFailed::of(error),
            Failure::Reported(_) => None,
        };
        let (now, number) = (open.tx.now(), open.held.attempt.row.number);
        let change = match any(&open.held.job)? {
            AnyJob::Claimed(job) => job.fail(number, why, now)?.into(),
            AnyJob::Running(job) => job.fail(number, why, now)?.into(),
            _ => return Err(open.held.lost()),
        };
        let mut stamp = open.stamp();
        if let Some(failed) = &pushed {
            stamp.facts = json!({ "push_code": failed.class.code(), "push_rule": failed.rule });
        }
        open.moves(&self.forges, change, &stamp).await?;
        self.close(report, open).await
    }
}
