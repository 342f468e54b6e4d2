//! Work for an attempt that may take longer than its lease: signs of life are given meanwhile.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use super::wire::JobHeartbeat;
use super::{FlowError, Session, Sprintgate};
use crate::domain::id::JobId;

impl Sprintgate {
    /// Does the work, and gives a sign of life each third of a lease until it is done. Of an attempt that lost its job
    /// the work is dropped.
    pub(super) async fn alive<T>(
        &self,
        session: &Session,
        job: &JobId,
        attempt: u32,
        work: impl Future<Output = Result<T, FlowError>>,
    ) -> Result<T, FlowError> {
        let beat = JobHeartbeat { job_id: job.to_string(), attempt: Some(i64::from(attempt)) };
        let third = Duration::from_millis(u64::try_from(self.settings.lease.0 / 3).unwrap_or(0).max(1));
        let mut work = pin!(work);
        loop {
            tokio::select! {
                answer = &mut work => return answer,
                () = tokio::time::sleep(third) => {}
            }
            match self.job_heartbeat(session, beat.clone()).await {
                Ok(_) => {}
                // whether it holds the job is asked again afterwards
                Err(FlowError::Store(error)) => tracing::warn!(%error, "no sign of life meanwhile"),
                Err(lost) => return Err(lost),
            }
        }
    }
}
