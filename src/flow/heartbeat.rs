//! `job_heartbeat`: renews the lease of the attempt that holds a job.

use super::fresh::iso;
use super::holding::Holding;
use super::wire::{Heartbeat, JobHeartbeat};
use super::{FlowError, Session, Sprintgate, legal};
use crate::domain::machine::Word;

impl Sprintgate {
    /// Renews the lease, with others of this process that come at the same time in one transaction.
    ///
    /// # Errors
    /// `LEASE_LOST` or `JOB_CANCELLED` when the attempt no longer holds the job: stop working.
    pub async fn job_heartbeat(&self, session: &Session, ask: JobHeartbeat) -> Result<Heartbeat, FlowError> {
        if let Some(renewed) = self.renew_together(session, &ask).await {
            return Ok(renewed);
        }
        self.renew_alone(session, ask).await
    }

    /// Renews one lease, or says why not.
    async fn renew_alone(&self, session: &Session, ask: JobHeartbeat) -> Result<Heartbeat, FlowError> {
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            let held = Holding::find(&mut *tx, session, &caller, &ask.job_id, ask.attempt).await?.live()?;
            let (job, attempt) = (&held.job.row.id, held.attempt.row.number);
            if !held.renew(&mut *tx, self.settings.lease).await? {
                return Err(held.lost());
            }
            let run = match &held.job.run {
                Some(id) => tx.run(id).await?,
                None => None,
            };
            let answer = Heartbeat {
                ok: true,
                job_id: job.to_string(),
                attempt: i64::from(attempt),
                lease_until: iso(tx.now() + self.settings.lease),
                sprint_run_status: run.as_ref().map(|run| run.row.status.word().to_owned()),
                sprint_run_pause_reason: run
                    .and_then(|run| run.row.pause)
                    .map(|pause| pause.reason().word().to_owned()),
                legal_next: legal::next(held.job.row.status),
            };
            tx.commit().await?;
            Ok(answer)
        })
        .await
    }
}
