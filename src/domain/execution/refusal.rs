//! Why a move of a task execution was refused.

use super::words::Status;
use crate::domain::id::{ExecutionId, JobId, UserId};

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The tasks of a sprint job are worked on one at a time, in order.
    #[error("it is not the turn of task {order}: task {ahead} is {status}")]
    NotItsTurn {
        /// The place of the one that was to start.
        order: u32,
        /// The place of the one that keeps it from starting.
        ahead: u32,
        /// Where that one is.
        status: Status,
    },
    /// Whose turn it is and from where, only the rows of the job itself say.
    #[error("execution {row} belongs to job {theirs}")]
    ForeignRow {
        /// The first execution of another job.
        row: ExecutionId,
        /// Its job.
        theirs: JobId,
    },
    /// The turn was given for another execution.
    #[error("the turn was given to {theirs}")]
    ForeignTurn {
        /// The execution that it was given to.
        theirs: ExecutionId,
    },
    /// Nothing says from which commit the work is to be judged.
    #[error("no commit is known that task {order} could be judged from")]
    MissingBase {
        /// Its place.
        order: u32,
    },
    /// The proof was given for another execution, or for a verdict that is not the stored one any more.
    #[error("the proof was given for another task or another verdict")]
    ForeignProof,
    /// A reason is too short to tell anybody anything.
    #[error("a reason of at least {min} characters is needed ({found} given)")]
    NoReason {
        /// The characters needed.
        min: usize,
        /// The characters given, trimmed.
        found: usize,
    },
    /// Somebody has taken responsibility already.
    #[error("it was waived by {by} already")]
    AlreadyWaived {
        /// Who.
        by: UserId,
    },
    /// A person accepted that it was skipped, so that it is not done again.
    #[error("it was waived by {by} and is not done again")]
    Waived {
        /// Who.
        by: UserId,
    },
}
