//! The tool itself: checks the caller, answers repeated reports, and hands over to the outcome's file.

use std::sync::OnceLock;

use super::intake;
use crate::domain::job::Change as JobChange;
use crate::flow::follow::follow;
use crate::flow::holding::Holding;
use crate::flow::request::Request;
use crate::flow::wire::{ReportStatus, Reported, UpdateJobStatus};
use crate::flow::{Caller, FlowError, Session, Sprintgate, text};
use crate::forge::Forges;
use crate::store::{Of, Stamp, StoreError, Tx, Usage};

/// A report that was checked.
pub(super) struct Report<'a> {
    pub(super) session: &'a Session,
    pub(super) ask: &'a UpdateJobStatus,
    /// The attempt that it speaks for, found once: whoever claims the job while this report is under way is somebody
    /// else.
    attempt: OnceLock<u32>,
    pub(super) usage: Usage,
    pub(super) request: Request,
}

impl<'a> Report<'a> {
    /// Checks what it says by itself.
    pub(super) fn new(session: &'a Session, ask: &'a UpdateJobStatus) -> Result<Self, FlowError> {
        let usage = intake::check(ask)?;
        let request = Request::new("update_job_status", ask.request_id.as_deref(), ask)?;
        Ok(Self { session, ask, attempt: OnceLock::new(), usage, request })
    }
}

/// A report's transaction, with the attempt that it speaks for, alive.
pub(super) struct Open {
    pub(super) tx: Box<dyn Tx>,
    pub(super) caller: Caller,
    pub(super) held: Holding,
}

/// What is known before anything is done for a report.
pub(super) enum Before<T> {
    /// It was made before; this was the answer.
    Answered(Box<Reported>),
    /// It is new, and its attempt holds the job.
    New(T),
}

impl<T> Before<T> {
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
        let report = Report::new(session, &ask)?;
        let mut opens = None;
        let said = match ask.status {
            ReportStatus::Running => self.again(|| self.report_running(&report)).await,
            ReportStatus::Done => self.report_done(&report, &mut opens).await,
            ReportStatus::Failed => self.again(|| self.report_failed(&report)).await,
            ReportStatus::Skipped => self.again(|| self.report_skipped(&report)).await,
        };
        let Err(FlowError::Ended { .. } | FlowError::Store(StoreError::Duplicate { .. })) = &said else {
            let answer = said?;
            return Ok(self.with_pull_request(answer, opens.as_ref()).await);
        };
        // The same report may have come twice at once, and the other one was first.
        match self.before(&report).await {
            Ok(Before::Answered(stored)) => Ok(*stored),
            _ => said,
        }
    }

    /// Looks, and locks nothing: the answer to a report that was made before, or the attempt that it speaks for.
    pub(super) async fn before(&self, report: &Report<'_>) -> Result<Before<Holding>, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, report.session).await?;
        if let Some(answer) = report.request.answer::<Reported>(&mut *tx, &caller).await? {
            return Ok(Before::again(answer));
        }
        self.found(&mut *tx, &caller, report).await
    }

    /// The attempt that a report speaks for, or the answer to one of the same outcome that it made before.
    async fn found(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        report: &Report<'_>,
    ) -> Result<Before<Holding>, FlowError> {
        let ask = report.ask;
        let attempt = report.attempt.get().copied().map(i64::from).or(ask.attempt);
        let held = Holding::find(tx, report.session, caller, &ask.job_id, attempt).await?;
        let own_branch = ask.branch.as_deref().is_none_or(|given| held.job.branch.as_deref() == Some(given));
        if !own_branch {
            let own = held.job.branch.as_deref().unwrap_or("none");
            return Err(FlowError::invalid("branch", format!("the job's branch is {own}")));
        }
        match (held.attempt.reported.as_deref(), intake::outcome(ask.status)) {
            (Some(was), Some(is)) if was == is => {
                let answer = self.reported(tx, caller, held).await?;
                Ok(Before::again(answer))
            }
            _ => {
                let held = held.live()?;
                report.attempt.get_or_init(|| held.attempt.row.number);
                Ok(Before::New(held))
            }
        }
    }

    /// Opens the report's transaction, which decides alone for the product; the attempt must hold the job still.
    pub(super) async fn open(&self, report: &Report<'_>) -> Result<Before<Open>, FlowError> {
        self.open_as(report, true).await
    }

    /// The same for what changes nothing but the job and its task: nobody else of the product waits for it.
    pub(super) async fn open_job(&self, report: &Report<'_>) -> Result<Before<Open>, FlowError> {
        self.open_as(report, false).await
    }

    async fn open_as(&self, report: &Report<'_>, holds: bool) -> Result<Before<Open>, FlowError> {
        let mut tx = self.store.begin().await?;
        let caller = self.caller(&mut *tx, report.session).await?;
        if let Some(answer) = report.request.answer::<Reported>(&mut *tx, &caller).await? {
            return Ok(Before::again(answer));
        }
        if holds {
            caller.may_write()?;
            let job = text::id("job_id", &report.ask.job_id)?;
            tx.hold(Of::Job(&job), Some(caller.user())).await?;
        }
        Ok(match self.found(&mut *tx, &caller, report).await? {
            Before::Answered(answer) => Before::Answered(answer),
            Before::New(held) => Before::New(Open { tx, caller, held }),
        })
    }

    /// Keeps what the report said beside the status, answers, and makes everything last.
    pub(super) async fn close(&self, report: &Report<'_>, open: Open) -> Result<Reported, FlowError> {
        let Open { mut tx, caller, held } = open;
        let (job, number) = (&held.job.row.id, held.attempt.row.number);
        if report.usage != Usage::default() {
            tx.note_usage(job, number, &report.usage).await?;
        }
        if let Some(outcome) = intake::outcome(report.ask.status) {
            tx.note_report(job, number, outcome).await?;
        }
        let answer = self.reported(&mut *tx, &caller, held).await?;
        report.request.keep(&mut *tx, &caller, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }
}

impl Open {
    /// Moves the job, with everything that follows; the answer is about the job as it is then.
    pub(super) async fn moves(
        &mut self,
        forges: &Forges,
        change: JobChange,
        stamp: &Stamp,
    ) -> Result<(), FlowError> {
        let row = change.row().clone();
        follow(&mut *self.tx, forges, &self.held.job, change, stamp).await?;
        self.held.job.row = row;
        Ok(())
    }

    /// The stamp of the attempt that reports.
    pub(super) fn stamp(&self) -> Stamp {
        Stamp { attempt: Some(self.held.attempt.row.number), ..Stamp::of(self.caller.actor()) }
    }
}
