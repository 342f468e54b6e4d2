//! The stored form of a task execution.

use super::state::{AnyExecution, Done, Execution, Failed, Pending, Running, Skipped, State, Waiver, Work};
use super::words::{Event, Status};
use crate::domain::commit::CommitId;
use crate::domain::gate::{Evidence, Policy};
use crate::domain::id::{ExecutionId, JobId, TaskId};
use crate::domain::machine::{self, Inconsistent, Stored};
use crate::domain::time::Timestamp;

/// What the status-writing statement stores of a task execution, and the frozen columns that say what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which execution.
    pub id: ExecutionId,
    /// `sprint_job_id`.
    pub job: JobId,
    /// `task_id`.
    pub task: TaskId,
    /// `order`, from 0.
    pub order: u32,
    /// `plan_snapshot`.
    pub plan: String,
    /// `verify_required_snapshot` and `verify_only_snapshot`.
    pub policy: Policy,
    /// Where it is.
    pub status: Status,
    /// `base_sha`: the commit that it is judged from.
    pub base: Option<CommitId>,
    /// `head_sha`: the commit that was DONE.
    pub head: Option<CommitId>,
    /// `verify_result`, with the commit it judged and when.
    pub evidence: Option<Evidence>,
    /// `verify_summary`: the words that explain a deviation.
    pub summary: Option<String>,
    /// `skip_reason`.
    pub skip_reason: Option<String>,
    /// `waived_by`, `waive_reason` and `waived_at`.
    pub waiver: Option<Waiver>,
    /// Why the work failed.
    pub error: Option<String>,
    /// When work began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

impl Row {
    /// The row of what is true in every state, and the state itself.
    fn bare<S: State>(execution: Execution<S>) -> (Self, S) {
        let Execution { id, job, task, order, plan, policy, state } = execution;
        let row = Self {
            id,
            job,
            task,
            order,
            plan,
            policy,
            status: S::STATUS,
            base: None,
            head: None,
            evidence: None,
            summary: None,
            skip_reason: None,
            waiver: None,
            error: None,
            started_at: None,
            finished_at: None,
        };
        (row, state)
    }

    fn worked(self, work: Work) -> Self {
        let Work { started_at, evidence, summary } = work;
        Self { started_at: Some(started_at), evidence, summary, ..self }
    }
}

impl From<Execution<Pending>> for Row {
    fn from(execution: Execution<Pending>) -> Self {
        let (row, Pending { base }) = Self::bare(execution);
        Self { base, ..row }
    }
}

impl From<Execution<Running>> for Row {
    fn from(execution: Execution<Running>) -> Self {
        let (row, Running { base, work }) = Self::bare(execution);
        Self { base: Some(base), ..row }.worked(work)
    }
}

impl From<Execution<Done>> for Row {
    fn from(execution: Execution<Done>) -> Self {
        let (row, Done { base, started_at, finished_at, evidence, summary }) = Self::bare(execution);
        Self {
            base: Some(base),
            head: Some(evidence.commit.clone()),
            evidence: Some(evidence),
            summary,
            started_at: Some(started_at),
            finished_at: Some(finished_at),
            ..row
        }
    }
}

impl From<Execution<Failed>> for Row {
    fn from(execution: Execution<Failed>) -> Self {
        let (row, Failed { base, work, finished_at, error }) = Self::bare(execution);
        Self { base: Some(base), finished_at: Some(finished_at), error: Some(error), ..row }.worked(work)
    }
}

impl From<Execution<Skipped>> for Row {
    fn from(execution: Execution<Skipped>) -> Self {
        let (row, Skipped { base, work, finished_at, reason, waiver }) = Self::bare(execution);
        let row = Self { base, finished_at: Some(finished_at), skip_reason: Some(reason), waiver, ..row };
        match work {
            Some(work) => row.worked(work),
            None => row,
        }
    }
}

impl TryFrom<Row> for AnyExecution {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        super::parse::parse(row)
    }
}
