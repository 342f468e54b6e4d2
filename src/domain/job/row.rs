//! The stored form of a job. A row is believed only after it is parsed into a typed state.

use super::state::{
    AnyJob, Brief, Cancelled, Claimed, Done, Failed, Job, Lease, Publication, Queued, Running, State,
};
use super::words::{EndCause, Kind, Status};
use crate::domain::commit::CommitId;
use crate::domain::gate::{Evidence, Grounds, Policy};
use crate::domain::id::{JobId, TokenId, UserId, WorkerId};
use crate::domain::machine::Inconsistent;
use crate::domain::time::Timestamp;

/// What the status-writing statement stores of a job: every column that a move may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which job.
    pub id: JobId,
    /// What kind of work.
    pub kind: Kind,
    /// Where it is.
    pub status: Status,
    /// Claims so far.
    pub attempt: u32,
    /// Not to be claimed before; set while QUEUED.
    pub not_before: Option<Timestamp>,
    /// The token that holds it; set while held.
    pub token: Option<TokenId>,
    /// The process that holds it; set while held.
    pub worker: Option<WorkerId>,
    /// The end of the lease; set while held.
    pub lease_until: Option<Timestamp>,
    /// When the current or last attempt claimed.
    pub claimed_at: Option<Timestamp>,
    /// When its work began.
    pub started_at: Option<Timestamp>,
    /// When the job ended.
    pub finished_at: Option<Timestamp>,
    /// The attempt's plan.
    pub plan: Option<String>,
    /// The attempt's gate policy.
    pub policy: Option<Policy>,
    /// The commit the attempt started from.
    pub base: Option<CommitId>,
    /// The attempt's last verdict.
    pub evidence: Option<Evidence>,
    /// What was published, and when.
    pub publication: Option<Publication>,
    /// Why the job ended.
    pub end_cause: Option<EndCause>,
    /// The job that caused a cancellation.
    pub caused_by: Option<JobId>,
    /// The person who waived the gate.
    pub waived_by: Option<UserId>,
    /// The waiver's reason.
    pub waive_reason: Option<String>,
    /// The worker's words.
    pub summary: Option<String>,
    /// The error, or the reason of a cancellation.
    pub error: Option<String>,
}

impl Row {
    fn bare<S: State>(job: &Job<S>) -> Self {
        Self {
            id: job.id.clone(),
            kind: job.kind,
            status: S::STATUS,
            attempt: job.attempt,
            not_before: None,
            token: None,
            worker: None,
            lease_until: None,
            claimed_at: None,
            started_at: None,
            finished_at: None,
            plan: None,
            policy: None,
            base: None,
            evidence: None,
            publication: None,
            end_cause: None,
            caused_by: None,
            waived_by: None,
            waive_reason: None,
            summary: None,
            error: None,
        }
    }

    fn leased(mut self, lease: Lease) -> Self {
        self.token = Some(lease.token);
        self.worker = Some(lease.worker);
        self.lease_until = Some(lease.until);
        self
    }

    fn briefed(mut self, brief: Brief) -> Self {
        self.claimed_at = Some(brief.claimed_at);
        self.plan = Some(brief.plan);
        self.policy = Some(brief.policy);
        self.base = brief.base;
        self.evidence = brief.evidence;
        self
    }
}

impl From<Job<Queued>> for Row {
    fn from(job: Job<Queued>) -> Self {
        Self { not_before: Some(job.state.not_before), ..Self::bare(&job) }
    }
}

impl From<Job<Claimed>> for Row {
    fn from(job: Job<Claimed>) -> Self {
        Self::bare(&job).leased(job.state.lease).briefed(job.state.brief)
    }
}

impl From<Job<Running>> for Row {
    fn from(job: Job<Running>) -> Self {
        let row = Self { started_at: Some(job.state.started_at), ..Self::bare(&job) };
        row.leased(job.state.lease).briefed(job.state.brief)
    }
}

impl From<Job<Done>> for Row {
    fn from(job: Job<Done>) -> Self {
        let mut row = Self::bare(&job);
        let done = job.state;
        row.started_at = Some(done.started_at);
        row.finished_at = Some(done.finished_at);
        row.publication = done.publication;
        row.summary = done.summary;
        row.end_cause = Some(EndCause::Finished);
        if let Grounds::Waived { by, reason } = done.grounds {
            row.end_cause = Some(EndCause::Waived);
            row.waived_by = Some(by);
            row.waive_reason = Some(reason);
        }
        row.briefed(done.brief)
    }
}

impl From<Job<Failed>> for Row {
    fn from(job: Job<Failed>) -> Self {
        let mut row = Self::bare(&job);
        let failed = job.state;
        row.started_at = failed.started_at;
        row.finished_at = Some(failed.finished_at);
        row.end_cause = Some(failed.cause);
        row.error = Some(failed.error);
        row.briefed(failed.brief)
    }
}

impl From<Job<Cancelled>> for Row {
    fn from(job: Job<Cancelled>) -> Self {
        let mut row = Self::bare(&job);
        let cancelled = job.state;
        row.finished_at = Some(cancelled.finished_at);
        row.end_cause = Some(cancelled.cause);
        row.caused_by = cancelled.caused_by;
        row.error = Some(cancelled.reason);
        match cancelled.held {
            Some((brief, started_at)) => Self { started_at, ..row.briefed(brief) },
            None => row,
        }
    }
}

impl TryFrom<Row> for AnyJob {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        super::parse::parse(row)
    }
}
