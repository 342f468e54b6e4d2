//! `running`: work begins; said again, it only renews the lease.

use super::update::Report;
use crate::domain::job::AnyJob;
use crate::flow::follow::{any, follow};
use crate::flow::wire::Reported;
use crate::flow::{FlowError, Sprintgate};

impl Sprintgate {
    pub(super) async fn report_running(&self, report: &Report<'_>) -> Result<Reported, FlowError> {
        let mut open = self.open(report).await?;
        let (now, number) = (open.tx.now(), open.held.attempt.row.number);
        if let AnyJob::Claimed(job) = any(&open.held.job)? {
            let step = job.start(number, now, self.settings.lease)?;
            let stamp = open.stamp();
            follow(&mut *open.tx, &open.held.job, step.into(), &stamp).await?;
        } else if !open.tx.renew(&open.held.job.row.id, number, self.settings.lease).await? {
            return Err(open.held.lost());
        }
        self.close(report, open).await
    }
}
