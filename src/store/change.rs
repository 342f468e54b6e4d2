//! A status change of any machine, with who made it and why: what `apply` takes and the ledger keeps.

use crate::domain::actor::Actor;
use crate::domain::backlog::{pbi, sprint, story};
use crate::domain::id::{PbiId, SprintId, StoryId};
use crate::domain::machine::{self, Edge, Stored, Word};
use crate::domain::shift::Shift;
use crate::domain::{
    attempt, effect, execution, idea, job, pull_request, question, run, task, worker, worktree,
};

/// A decided change of one entity's status. Only `domain` can make the parts of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Of a job.
    Job(job::Change),
    /// Of an attempt of a job.
    Attempt(attempt::Change),
    /// Of a sprint run.
    Run(run::Change),
    /// Of a task of a sprint job.
    Execution(execution::Change),
    /// Of an idea.
    Idea(idea::Change),
    /// Of a question.
    Question(question::Change),
    /// Of the publication of a branch.
    PullRequest(pull_request::Change),
    /// Of an attempt's worktree.
    Worktree(worktree::Change),
    /// Of a worker process.
    Worker(worker::Change),
    /// Of an effect.
    Effect(effect::Change),
    /// Of a task.
    Task(task::Change),
    /// Of a story.
    Story {
        /// The story.
        id: StoryId,
        /// The move.
        shift: story::Shift,
    },
    /// Of a product backlog item.
    Pbi {
        /// The backlog item.
        id: PbiId,
        /// The move.
        shift: pbi::Shift,
    },
    /// Of a sprint.
    Sprint {
        /// The sprint.
        id: SprintId,
        /// The move.
        shift: sprint::Shift,
    },
}

impl Change {
    /// The edge it takes.
    #[must_use]
    pub fn edge(&self) -> Edge {
        fn by<S: Word, E: Word>(machine: &'static str, shift: &Shift<S, E>) -> Edge {
            Edge { machine, from: shift.from().word(), event: shift.event().word(), to: shift.to().word() }
        }
        fn of<R: Stored>(machine: &'static str, change: &machine::Change<R>) -> Edge {
            let (from, event, to) = (change.before().word(), change.event().word(), change.after().word());
            Edge { machine, from, event, to }
        }
        match self {
            Self::Job(change) => of("job", change),
            Self::Attempt(change) => of("attempt", change),
            Self::Run(change) => of("sprint_run", change),
            Self::Execution(change) => of("task_execution", change),
            Self::Idea(change) => of("idea", change),
            Self::Question(change) => of("question", change),
            Self::PullRequest(change) => of("pull_request", change),
            Self::Worktree(change) => of("worktree", change),
            Self::Worker(change) => of("worker", change),
            Self::Effect(change) => of("effect", change),
            Self::Task(change) => of("task", change),
            Self::Story { shift, .. } => by("story", shift),
            Self::Pbi { shift, .. } => by("pbi", shift),
            Self::Sprint { shift, .. } => by("sprint", shift),
        }
    }

    /// The id of the entity, as the ledger keeps it; that of an attempt and of its worktree is `<job>/<number>`, a worker's
    /// `<token>/<instance>`.
    #[must_use]
    pub fn entity(&self) -> String {
        match self {
            Self::Job(change) => change.row().id.to_string(),
            Self::Run(change) => change.row().id.to_string(),
            Self::Execution(change) => change.row().id.to_string(),
            Self::Idea(change) => change.row().id.to_string(),
            Self::Question(change) => change.row().id.to_string(),
            Self::PullRequest(change) => change.row().id.to_string(),
            Self::Worktree(change) => format!("{}/{}", change.row().job, change.row().attempt),
            Self::Worker(change) => {
                let row = change.row();
                format!("{}/{}", row.token_id, row.instance_id)
            }
            Self::Effect(change) => change.row().id.to_string(),
            Self::Attempt(change) => format!("{}/{}", change.row().job, change.row().number),
            Self::Task(change) => change.row().id.to_string(),
            Self::Story { id, .. } => id.to_string(),
            Self::Pbi { id, .. } => id.to_string(),
            Self::Sprint { id, .. } => id.to_string(),
        }
    }

    /// The number that the row must still have, of a machine whose writes are fenced: a job's attempt, an effect's try.
    #[must_use]
    pub fn fence(&self) -> Option<u32> {
        match self {
            Self::Job(change) => Some(change.attempt_before()),
            Self::Effect(change) => Some(change.tries_before()),
            _ => None,
        }
    }
}

/// Who changes something, in which attempt, and what they read.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// Who.
    pub actor: Actor,
    /// The attempt that speaks, if one does.
    pub attempt: Option<u32>,
    /// What the guard read, as a JSON object with at most a few small fields; never a secret.
    pub facts: serde_json::Value,
    /// The hash of the evidence that the decision rests on, in lower-case hexadecimal.
    pub evidence: Option<String>,
}

impl Stamp {
    /// A stamp without attempt, facts or evidence.
    #[must_use]
    pub fn of(actor: Actor) -> Self {
        Self {
            actor,
            attempt: None,
            facts: serde_json::Value::Object(serde_json::Map::new()),
            evidence: None,
        }
    }
}
