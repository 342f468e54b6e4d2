//! A status change of any machine, with who made it and why: what `apply` takes and the ledger keeps.

use crate::domain::actor::Actor;
use crate::domain::backlog::{pbi, sprint, story};
use crate::domain::id::{PbiId, SprintId, StoryId};
use crate::domain::machine::{self, Edge, Stored, Word};
use crate::domain::shift::Shift;
use crate::domain::{attempt, job, run, task};

/// A decided change of one entity's status. Only `domain` can make the parts of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Of a job.
    Job(job::Change),
    /// Of an attempt of a job.
    Attempt(attempt::Change),
    /// Of a sprint run.
    Run(run::Change),
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
        fn of<S: Word, E: Word>(machine: &'static str, shift: &Shift<S, E>) -> Edge {
            Edge { machine, from: shift.from().word(), event: shift.event().word(), to: shift.to().word() }
        }
        fn typed<R: Stored>(machine: &'static str, change: &machine::Change<R>) -> Edge {
            let (from, event, to) = (change.before(), change.event(), change.after());
            Edge { machine, from: from.word(), event: event.word(), to: to.word() }
        }
        match self {
            Self::Job(change) => typed("job", change),
            Self::Attempt(change) => typed("attempt", change),
            Self::Run(change) => typed("sprint_run", change),
            Self::Task(change) => typed("task", change),
            Self::Story { shift, .. } => of("story", shift),
            Self::Pbi { shift, .. } => of("pbi", shift),
            Self::Sprint { shift, .. } => of("sprint", shift),
        }
    }

    /// The id of the entity, as the ledger keeps it; an attempt's is `<job>/<number>`.
    #[must_use]
    pub fn entity(&self) -> String {
        match self {
            Self::Job(change) => change.row().id.to_string(),
            Self::Run(change) => change.row().id.to_string(),
            Self::Attempt(change) => format!("{}/{}", change.row().job, change.row().number),
            Self::Task(change) => change.row().id.to_string(),
            Self::Story { id, .. } => id.to_string(),
            Self::Pbi { id, .. } => id.to_string(),
            Self::Sprint { id, .. } => id.to_string(),
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
