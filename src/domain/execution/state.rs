//! What is true in each state of a task execution. What it is judged by is frozen and true in all of them.

use super::words::{Event, Status};
use crate::domain::commit::CommitId;
use crate::domain::gate::{Evidence, Policy};
use crate::domain::id::{ExecutionId, JobId, TaskId, UserId};
use crate::domain::machine::{self, To, states};
use crate::domain::time::Timestamp;

/// One task of a sprint job, in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution<S> {
    /// Which execution.
    pub id: ExecutionId,
    /// The sprint job that it belongs to.
    pub job: JobId,
    /// The task that it carries out.
    pub task: TaskId,
    /// Its place in the job, from 0.
    pub order: u32,
    /// The plan it is judged by, frozen at the job's first claim; empty when there is none.
    pub plan: String,
    /// What the gate demands, frozen with the plan.
    pub policy: Policy,
    /// What is true in this state.
    pub state: S,
}

/// What the agent's work on a task has shown so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// When it began.
    pub started_at: Timestamp,
    /// The last verdict.
    pub evidence: Option<Evidence>,
    /// The agent's words on a deviation, kept with the verdict.
    pub summary: Option<String>,
}

/// A person takes responsibility for a task that was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Who.
    pub by: UserId,
    /// Why, in their words; at least 10 characters.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The commit that it will be judged from, where it is known before: for the first that an attempt takes up.
    pub base: Option<CommitId>,
}

/// The agent works on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The commit that it is judged from.
    pub base: CommitId,
    /// What was shown so far.
    pub work: Work,
}

/// Done, with proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The commit that it was judged from.
    pub base: CommitId,
    /// When work began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// The verdict that opened the gate; its commit is the head of the task's work.
    pub evidence: Evidence,
    /// The words that the verdict was weighed with.
    pub summary: Option<String>,
}

/// The work failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The commit that it was judged from.
    pub base: CommitId,
    /// What was shown before it failed.
    pub work: Work,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Why, in the agent's or the server's words.
    pub error: String,
}

/// There was nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The commit that it would have been judged from, if one was known.
    pub base: Option<CommitId>,
    /// What was shown before it was skipped, if work had begun.
    pub work: Option<Work>,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Why; at least 10 characters.
    pub reason: String,
    /// The person who accepts it, where one has to.
    pub waiver: Option<Waiver>,
}

states! {
    Execution { id, job, task, order, plan, policy }, AnyExecution: Pending, Running, Done, Failed, Skipped
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}

/// The task has not ended and may be found to need nothing.
pub trait Open: State + To<Skipped> {
    /// The commit it is judged from, if known, and what was shown so far.
    fn shown(self) -> (Option<CommitId>, Option<Work>);
}

impl Open for Pending {
    fn shown(self) -> (Option<CommitId>, Option<Work>) {
        (self.base, None)
    }
}

impl Open for Running {
    fn shown(self) -> (Option<CommitId>, Option<Work>) {
        (Some(self.base), Some(self.work))
    }
}

/// The task is not done, and another attempt of its job does it again.
pub trait Undone: State + To<Pending> {
    /// The waiver that keeps it from being done again.
    fn waiver(&self) -> Option<&Waiver> {
        None
    }
}

impl Undone for Running {}
impl Undone for Failed {}
impl Undone for Skipped {
    fn waiver(&self) -> Option<&Waiver> {
        self.waiver.as_ref()
    }
}

impl AnyExecution {
    /// Which execution.
    #[must_use]
    pub fn id(&self) -> &ExecutionId {
        match self {
            Self::Pending(e) => &e.id,
            Self::Running(e) => &e.id,
            Self::Done(e) => &e.id,
            Self::Failed(e) => &e.id,
            Self::Skipped(e) => &e.id,
        }
    }

    /// Its place in the job, from 0.
    #[must_use]
    pub fn order(&self) -> u32 {
        match self {
            Self::Pending(e) => e.order,
            Self::Running(e) => e.order,
            Self::Done(e) => e.order,
            Self::Failed(e) => e.order,
            Self::Skipped(e) => e.order,
        }
    }

    /// The sprint job that it belongs to.
    #[must_use]
    pub fn job(&self) -> &JobId {
        match self {
            Self::Pending(e) => &e.job,
            Self::Running(e) => &e.job,
            Self::Done(e) => &e.job,
            Self::Failed(e) => &e.job,
            Self::Skipped(e) => &e.job,
        }
    }

    /// The commit that it is judged from, where that is known.
    #[must_use]
    pub fn base(&self) -> Option<&CommitId> {
        match self {
            Self::Pending(e) => e.state.base.as_ref(),
            Self::Running(e) => Some(&e.state.base),
            Self::Done(e) => Some(&e.state.base),
            Self::Failed(e) => Some(&e.state.base),
            Self::Skipped(e) => e.state.base.as_ref(),
        }
    }
}
