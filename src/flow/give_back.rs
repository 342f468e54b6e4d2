//! Gives an attempt back that could not work: no clone, no worktree, no agent. The job waits a growing time; the
//! last attempt fails it.

use serde_json::json;

use super::follow::{any, follow};
use super::holding::Holding;
use super::jobs::line;
use super::wire::JobLine;
use super::{FlowError, Session, Sprintgate};
use crate::domain::id::JobId;
use crate::domain::job::{AnyJob, Change};
use crate::store::{Of, Stamp};

/// Characters of a reason that are kept.
const WHY_MAX: usize = 500;

impl Sprintgate {
    /// Gives an attempt back.
    ///
    /// # Errors
    /// `LEASE_LOST`, `JOB_CANCELLED` or `ALREADY_TERMINAL` when it no longer holds the job: there is nothing to give.
    pub async fn give_back(
        &self,
        session: &Session,
        job: &JobId,
        attempt: u32,
        why: &str,
    ) -> Result<JobLine, FlowError> {
        let why: String = why.chars().take(WHY_MAX).collect();
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            tx.hold(Of::Job(job), Some(caller.user())).await?;
            let number = Some(i64::from(attempt));
            let held = Holding::find(&mut *tx, session, &caller, job.as_str(), number).await?.live()?;
            let now = tx.now();
            let change: Change = match any(&held.job)? {
                AnyJob::Claimed(claimed) => claimed.release(attempt, &why, now)?.into(),
                AnyJob::Running(running) => running.release(attempt, &why, now)?.into(),
                _ => return Err(held.lost()),
            };
            let facts = json!({ "why": why });
            let stamp = Stamp { attempt: Some(attempt), facts, ..Stamp::of(caller.actor()) };
            follow(&mut *tx, &self.forges, &held.job, change, &stamp).await?;
            let record = tx.job(job).await?.ok_or_else(|| FlowError::not_found("job", job.as_str()))?;
            let line = line(&mut *tx, record).await?;
            tx.commit().await?;
            Ok(line)
        })
        .await
    }
}
