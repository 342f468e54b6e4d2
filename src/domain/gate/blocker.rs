//! What keeps a sprint job from being DONE. None of it tells how to weaken the gate.

use std::fmt;

use super::judge::Shut;
use crate::domain::commit::CommitId;
use crate::domain::machine::words;

words! {
    /// Where the task is that stands in the way, as the list of blockers shows it.
    pub enum Label: "blocker label" {
        /// It waits.
        Pending = "PENDING",
        /// It is worked on.
        Running = "RUNNING",
        /// It failed.
        Failed = "FAILED",
        /// It was skipped.
        Skipped = "SKIPPED",
        /// It is done, and its gate is shut.
        DoneGate = "DONE-gate",
    }
}

/// Why a task stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It was not begun.
    #[error("it has not been started")]
    Waits,
    /// It was not ended.
    #[error("it has not been finished")]
    Runs,
    /// The work failed.
    #[error("it failed: {error}")]
    Failed {
        /// The stored error.
        error: String,
    },
    /// It was skipped although changes were asked for.
    #[error("it was skipped, and its plan asks for changes")]
    Skipped,
    /// It was done, and does not stand when it is weighed again.
    #[error(transparent)]
    Gate(Shut),
    /// It was done, and its work is not in what was done last: that is the commit which it had set out from.
    #[error("its work was taken back: the last commit is {commit}, which it had set out from")]
    TakenBack {
        /// The last commit.
        commit: CommitId,
    },
}

/// One thing that stands in the way of a sprint job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocker {
    /// There is nothing to judge by: the job has no rows.
    NoRows,
    /// A task stands in the way.
    Row {
        /// The task's code.
        code: String,
        /// The task's title.
        title: String,
        /// Why.
        why: Reason,
    },
    /// Every task stands, and the worktree is not where the last one left it.
    Worktree(Shut),
}

impl Blocker {
    /// Where the task is that stands in the way; none where it is not a task.
    #[must_use]
    pub fn label(&self) -> Option<Label> {
        match self {
            Self::Row { why, .. } => Some(why.label()),
            Self::NoRows | Self::Worktree(_) => None,
        }
    }
}

impl Reason {
    fn label(&self) -> Label {
        match self {
            Self::Waits => Label::Pending,
            Self::Runs => Label::Running,
            Self::Failed { .. } => Label::Failed,
            Self::Skipped => Label::Skipped,
            Self::Gate(_) | Self::TakenBack { .. } => Label::DoneGate,
        }
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRows => f.write_str("the job has no tasks to be judged by"),
            Self::Worktree(shut) => shut.fmt(f),
            Self::Row { code, title, why } => write!(f, "[{}] {code}: {title}: {why}", why.label()),
        }
    }
}
