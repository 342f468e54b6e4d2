//! `skipped`: the worker found nothing to do. No gate, no failure, no cascade; the task is put back.

use super::update::{Before, Report};
use crate::domain::job::AnyJob;
use crate::flow::follow::any;
use crate::flow::wire::Reported;
use crate::flow::{FlowError, Sprintgate};

impl Sprintgate {
    pub(super) async fn report_skipped(&self, report: &Report<'_>) -> Result<Reported, FlowError> {
        let reason = report.ask.error.as_deref().unwrap_or_default();
        let mut open = match self.open(report).await? {
            Before::Answered(answer) => return Ok(*answer),
            Before::New(open) => open,
        };
        let (now, number) = (open.tx.now(), open.held.attempt.row.number);
        let change = match any(&open.held.job)? {
            AnyJob::Claimed(job) => job.skip(number, reason, now)?.into(),
            AnyJob::Running(job) => job.skip(number, reason, now)?.into(),
            _ => return Err(open.held.lost()),
        };
        let stamp = open.stamp();
        open.moves(&self.forges, change, &stamp).await?;
        self.close(report, open).await
    }
}
