//! Why a run waits for a person, and what the person needs to know to let it go on (`original` 1.2,
//! `pause_context`).

use super::words::PauseReason;
use crate::domain::commit::CommitId;
use crate::domain::id::{ExecutionId, QuestionId, TaskId};
use crate::domain::time::Timestamp;

/// The context of a pause, in the stored and shown form.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "pause_reason")]
pub enum Pause {
    /// A pull request of the run does not merge.
    #[serde(rename = "MERGE_CONFLICT")]
    MergeConflict {
        /// The pull request.
        pr_url: String,
        /// Its head when the conflict was seen.
        pr_head_sha: CommitId,
        /// The files in conflict.
        conflict_files: Vec<String>,
        /// The question that was asked with the pause, in the same transaction.
        claude_question_id: QuestionId,
        /// What the person should do.
        resume_instructions: String,
        /// When.
        paused_at: Timestamp,
    },
    /// The agent's quota is used up.
    #[serde(rename = "QUOTA_DEPLETED")]
    QuotaDepleted {
        /// The last execution that was done, where the run goes on.
        last_completed: Option<LastCompleted>,
        /// What the person should do.
        resume_instructions: String,
        /// When.
        paused_at: Timestamp,
    },
}

/// The last execution of a batch that was done before its pause.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LastCompleted {
    /// The execution.
    pub execution_id: ExecutionId,
    /// Its place in the run, from 0.
    pub order: u32,
    /// Its task.
    pub task_id: TaskId,
}

impl Pause {
    /// The reason as a word.
    #[must_use]
    pub fn reason(&self) -> PauseReason {
        match self {
            Self::MergeConflict { .. } => PauseReason::MergeConflict,
            Self::QuotaDepleted { .. } => PauseReason::QuotaDepleted,
        }
    }

    /// The question that has to be closed when the run goes on.
    #[must_use]
    pub fn question(&self) -> Option<&QuestionId> {
        match self {
            Self::MergeConflict { claude_question_id, .. } => Some(claude_question_id),
            Self::QuotaDepleted { .. } => None,
        }
    }
}
