//! `running`: work begins; said again, it only renews the lease.

use super::update::{Before, Open, Report};
use crate::domain::job::AnyJob;
use crate::flow::follow::any;
use crate::flow::wire::Reported;
use crate::flow::{FlowError, Sprintgate};
use crate::store::StoreError;

impl Sprintgate {
    pub(super) async fn report_running(&self, report: &Report<'_>) -> Result<Reported, FlowError> {
        let open = match self.open_job(report).await? {
            Before::Answered(answer) => return Ok(*answer),
            Before::New(open) => open,
        };
        match self.begin_work(report, open).await {
            // Somebody moved the task meanwhile, as nobody can while this holds its product.
            Err(FlowError::Store(StoreError::Lost { .. })) => match self.open(report).await? {
                Before::Answered(answer) => Ok(*answer),
                Before::New(open) => self.begin_work(report, open).await,
            },
            said => said,
        }
    }

    async fn begin_work(&self, report: &Report<'_>, mut open: Open) -> Result<Reported, FlowError> {
        let (now, number) = (open.tx.now(), open.held.attempt.row.number);
        if let AnyJob::Claimed(job) = any(&open.held.job)? {
            let step = job.start(number, now, self.settings.lease)?;
            let stamp = open.stamp();
            open.moves(&self.forges, step.into(), &stamp).await?;
            if !open.held.renew_shared(&mut *open.tx, self.settings.lease).await? {
                return Err(open.held.lost());
            }
        } else if !open.held.renew(&mut *open.tx, self.settings.lease).await? {
            return Err(open.held.lost());
        }
        self.close(report, open).await
    }
}
