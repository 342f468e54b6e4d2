//! `skipped`: the worker found nothing to do. No gate, no failure, no cascade; the task is put back.

use super::update::Report;
use crate::domain::job::AnyJob;
use crate::flow::follow::{any, follow};
use crate::flow::wire::Reported;
use crate::flow::{FlowError, Sprintgate};

impl Sprintgate {
    pub(super) async fn report_skipped(&self, report: &Report<'_>) -> Result<Reported, FlowError> {
        let reason = report.ask.error.as_deref().unwrap_or_default();
        let mut open = self.open(report).await?;
        let (now, number) = (open.tx.now(), open.held.attempt.row.number);
        let change = match any(&open.held.job)? {
            AnyJob::Claimed(job) => job.skip(number, reason, now)?.into(),
            AnyJob::Running(job) => job.skip(number, reason, now)?.into(),
            _ => return Err(open.held.lost()),
        };
        let stamp = open.stamp();
        follow(&mut *open.tx, &open.held.job, change, &stamp).await?;
        self.close(report, open).await
    }
}
