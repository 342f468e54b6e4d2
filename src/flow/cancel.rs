//! Cancels a job on a person's word, and takes the worker's word that it stopped.

use serde_json::json;

use super::archive::absent_job;
use super::follow::cancel;
use super::jobs::line;
use super::roll_up::settle_run;
use super::wire::JobLine;
use super::{FlowError, Session, Sprintgate, text};
use crate::domain::id::JobId;
use crate::domain::job::Stop;
use crate::store::{Confirmation, Of, Stamp};

impl Sprintgate {
    /// Cancels a job that has not ended. A worker that holds it learns of it with its next call.
    ///
    /// # Errors
    /// `ALREADY_TERMINAL` when it ended before; `ARCHIVED` when it ended so long ago that an archive has it.
    pub async fn cancel_job(
        &self,
        session: &Session,
        job: &str,
        reason: Option<&str>,
    ) -> Result<JobLine, FlowError> {
        text::maybe("reason", reason, 2000)?;
        let id: JobId = text::id("job_id", job)?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("cancel jobs")?;
            tx.hold(Of::Job(&id), Some(caller.user())).await?;
            let absent = || FlowError::not_found("job", job);
            let record = match tx.job(&id).await? {
                Some(record) if &record.user == caller.user() => record,
                Some(_) => return Err(absent()),
                None => return Err(absent_job(&mut *tx, caller.user(), &id).await),
            };
            let stop = Stop::by_user(reason.unwrap_or("cancelled by a person"));
            let stamp = Stamp { facts: json!({ "reason": reason }), ..Stamp::of(caller.actor()) };
            cancel(&mut *tx, &self.forges, &record, stop, &stamp).await?;
            if let Some(run) = &record.run {
                settle_run(&mut *tx, &self.forges, run, false, &record, None).await?;
            }
            let record = tx.job(&id).await?.ok_or_else(absent)?;
            let line = line(&mut *tx, record).await?;
            tx.commit().await?;
            Ok(line)
        })
        .await
    }

    /// Notes that the worker of a cancelled attempt has stopped, and how. Said again, it changes nothing.
    ///
    /// # Errors
    /// `PERMISSION_DENIED` for an attempt of another token.
    pub async fn confirm_stop(
        &self,
        session: &Session,
        job: &JobId,
        attempt: u32,
        how: Confirmation,
    ) -> Result<(), FlowError> {
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            let number = Some(i64::from(attempt));
            super::holding::Holding::find(&mut *tx, session, &caller, job.as_str(), number).await?;
            tx.confirm_stop(job, attempt, how).await?;
            Ok(tx.commit().await?)
        })
        .await
    }
}
