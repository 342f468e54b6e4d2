//! The tool itself: checks the caller, answers repeated reports, and hands over to the outcome's file.

use super::intake;
use crate::flow::holding::Holding;
use crate::flow::request::Request;
use crate::flow::wire::{ReportStatus, Reported, UpdateJobStatus};
use crate::flow::{Caller, FlowError, Session, Sprintgate};
use crate::store::{Stamp, Tx, Usage};

/// A report that was checked, and speaks for a live attempt.
pub(super) struct Report<'a> {
    pub(super) session: &'a Session,
    pub(super) ask: &'a UpdateJobStatus,
    pub(super) usage: Usage,
    pub(super) request: Request,
}

/// A report's transaction, with the attempt that it speaks for, alive.
pub(super) struct Open {
    pub(super) tx: Box<dyn Tx>,
    pub(super) caller: Caller,
    pub(super) held: Holding,
}

impl Sprintgate {
    /// Reports on a job: `running`, `done`, `failed` or `skipped`.
    ///
    /// # Errors
    /// `LEASE_LOST`, `JOB_CANCELLED` or `ALREADY_TERMINAL` when the attempt no longer holds the job; the gate's codes
    /// when `done` lacks proof; `PUSH_RETRY` when the push may succeed later.
    pub async fn update_job_status(
        &self,
        session: &Session,
        ask: UpdateJobStatus,
    ) -> Result<Reported, FlowError> {
        let usage = intake::check(&ask)?;
        let request = Request::new("update_job_status", ask.request_id.as_deref(), &ask)?;
        if let Some(stored) = self.stored(session, &ask, &request).await? {
            return Ok(stored);
        }
        let report = Report { session, ask: &ask, usage, request };
        match ask.status {
            ReportStatus::Running => self.report_running(&report).await,
            ReportStatus::Done => self.report_done(&report).await,
            ReportStatus::Failed => self.report_failed(&report).await,
            ReportStatus::Skipped => self.report_skipped(&report).await,
        }
    }

    /// The answer to a report that was made before: by request id, or by the same outcome of the same attempt.
    async fn stored(
        &self,
        session: &Session,
        ask: &UpdateJobStatus,
        request: &Request,
    ) -> Result<Option<Reported>, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        if let Some(answer) = request.answer::<Reported>(&mut *tx, &caller).await? {
            return Ok(Some(Reported { replayed: true, ..answer }));
        }
        let held = Holding::find(&mut *tx, session, &caller, &ask.job_id, ask.attempt).await?;
        let own_branch = ask.branch.as_deref().is_none_or(|given| held.job.branch.as_deref() == Some(given));
        if !own_branch {
            let own = held.job.branch.as_deref().unwrap_or("none");
            return Err(FlowError::invalid("branch", format!("the job's branch is {own}")));
        }
        match (held.attempt.reported.as_deref(), intake::outcome(ask.status)) {
            (Some(was), Some(is)) if was == is => {
                let answer = self.reported(&mut *tx, &caller, &held.job.row.id, held.attempt.number).await?;
                Ok(Some(Reported { replayed: true, ..answer }))
            }
            _ => held.live().map(|_| None),
        }
    }

    /// Opens the report's transaction; the attempt must hold the job still.
    pub(super) async fn open(&self, report: &Report<'_>) -> Result<Open, FlowError> {
        let mut tx = self.store.begin().await?;
        let caller = self.caller(&mut *tx, report.session).await?;
        let (job, attempt) = (&report.ask.job_id, report.ask.attempt);
        let held = Holding::find(&mut *tx, report.session, &caller, job, attempt).await?.live()?;
        Ok(Open { tx, caller, held })
    }

    /// Keeps what the report said beside the status, answers, and makes everything last.
    pub(super) async fn close(&self, report: &Report<'_>, open: Open) -> Result<Reported, FlowError> {
        let Open { mut tx, caller, held } = open;
        let (job, number) = (&held.job.row.id, held.attempt.number);
        tx.note_usage(job, number, &report.usage).await?;
        if let Some(outcome) = intake::outcome(report.ask.status) {
            tx.note_report(job, number, outcome).await?;
        }
        let answer = self.reported(&mut *tx, &caller, job, number).await?;
        report.request.keep(&mut *tx, &caller, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }
}

impl Open {
    /// The stamp of the attempt that reports.
    pub(super) fn stamp(&self) -> Stamp {
        Stamp { attempt: Some(self.held.attempt.number), ..Stamp::of(self.caller.actor()) }
    }
}
