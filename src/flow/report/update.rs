//! The tool itself: checks the caller, answers repeated reports, and hands over to the outcome's file.

use super::intake;
use crate::flow::holding::Holding;
use crate::flow::request::Request;
use crate::flow::wire::{ReportStatus, Reported, UpdateJobStatus};
use crate::flow::{Caller, FlowError, Session, Sprintgate, text};
use crate::store::{Of, Stamp, StoreError, Tx, Usage};

/// A report that was checked, and speaks for a live attempt.
pub(super) struct Report<'a> {
    pub(super) session: &'a Session,
    pub(super) ask: &'a UpdateJobStatus,
    /// Found once: whoever claims the job while this report is under way is somebody else.
    pub(super) attempt: u32,
    pub(super) usage: Usage,
    pub(super) request: Request,
}

/// A report's transaction, with the attempt that it speaks for, alive.
pub(super) struct Open {
    pub(super) tx: Box<dyn Tx>,
    pub(super) caller: Caller,
    pub(super) held: Holding,
}

/// What is known before anything is done for a report.
enum Before {
    /// It was made before; this was the answer.
    Answered(Box<Reported>),
    /// It is new, and this attempt holds the job.
    Holds(u32),
}

impl Before {
    fn again(answer: Reported) -> Self {
        Self::Answered(Box::new(Reported { replayed: true, ..answer }))
    }
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
        let attempt = match self.again(|| self.before(session, &ask, None, &request)).await? {
            Before::Answered(stored) => return Ok(*stored),
            Before::Holds(attempt) => attempt,
        };
        let report = Report { session, ask: &ask, attempt, usage, request };
        let said = match ask.status {
            ReportStatus::Running => self.again(|| self.report_running(&report)).await,
            ReportStatus::Done => self.report_done(&report).await,
            ReportStatus::Failed => self.again(|| self.report_failed(&report)).await,
            ReportStatus::Skipped => self.again(|| self.report_skipped(&report)).await,
        };
        let Err(FlowError::Ended { .. } | FlowError::Store(StoreError::Duplicate { .. })) = &said else {
            return said;
        };
        // The same report may have come twice at once, and the other one was first.
        match self.before(session, &ask, Some(attempt), &report.request).await {
            Ok(Before::Answered(stored)) => Ok(*stored),
            _ => said,
        }
    }

    /// The answer to a report that was made before, by request id or by the same outcome of the same attempt; else
    /// the attempt that the report speaks for.
    async fn before(
        &self,
        session: &Session,
        ask: &UpdateJobStatus,
        attempt: Option<u32>,
        request: &Request,
    ) -> Result<Before, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        if let Some(answer) = request.answer::<Reported>(&mut *tx, &caller).await? {
            return Ok(Before::again(answer));
        }
        let attempt = attempt.map(i64::from).or(ask.attempt);
        let held = Holding::find(&mut *tx, session, &caller, &ask.job_id, attempt).await?;
        let own_branch = ask.branch.as_deref().is_none_or(|given| held.job.branch.as_deref() == Some(given));
        if !own_branch {
            let own = held.job.branch.as_deref().unwrap_or("none");
            return Err(FlowError::invalid("branch", format!("the job's branch is {own}")));
        }
        match (held.attempt.reported.as_deref(), intake::outcome(ask.status)) {
            (Some(was), Some(is)) if was == is => {
                let answer =
                    self.reported(&mut *tx, &caller, &held.job.row.id, held.attempt.row.number).await?;
                Ok(Before::again(answer))
            }
            _ => Ok(Before::Holds(held.live()?.attempt.row.number)),
        }
    }

    /// Opens the report's transaction, which decides alone for the product; the attempt must hold the job still.
    pub(super) async fn open(&self, report: &Report<'_>) -> Result<Open, FlowError> {
        self.open_as(report, true).await
    }

    /// The same for what changes nothing but the job and its task: nobody else of the product waits for it.
    pub(super) async fn open_job(&self, report: &Report<'_>) -> Result<Open, FlowError> {
        self.open_as(report, false).await
    }

    async fn open_as(&self, report: &Report<'_>, holds: bool) -> Result<Open, FlowError> {
        let mut tx = self.store.begin().await?;
        let caller = self.caller(&mut *tx, report.session).await?;
        let job = text::id("job_id", &report.ask.job_id)?;
        if holds {
            tx.hold(Of::Job(&job), Some(caller.user())).await?;
        }
        let attempt = Some(i64::from(report.attempt));
        let held =
            Holding::find(&mut *tx, report.session, &caller, &report.ask.job_id, attempt).await?.live()?;
        Ok(Open { tx, caller, held })
    }

    /// Keeps what the report said beside the status, answers, and makes everything last.
    pub(super) async fn close(&self, report: &Report<'_>, open: Open) -> Result<Reported, FlowError> {
        let Open { mut tx, caller, held } = open;
        let (job, number) = (&held.job.row.id, held.attempt.row.number);
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
        Stamp { attempt: Some(self.held.attempt.row.number), ..Stamp::of(self.caller.actor()) }
    }
}
