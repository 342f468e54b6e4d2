//! Why a question's move was refused.

use crate::domain::actor::ActorKind;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only a person answers.
    #[error("a question is answered by a person, and this is {kind}")]
    NotAPerson {
        /// What the caller is.
        kind: ActorKind,
    },
    /// The answer says nothing, or too much.
    #[error("an answer has 1 to {max} characters, and this has {found}")]
    BadLength {
        /// The characters given, trimmed.
        found: usize,
        /// The characters that fit.
        max: usize,
    },
    /// The answer is none of those to choose from.
    #[error("the answer has to be one of: {}", .options.join(", "))]
    NotAnOption {
        /// Those to choose from.
        options: Vec<String>,
    },
    /// Only who asked withdraws.
    #[error("the question was asked by {asked_by}, and only they can withdraw it")]
    NotTheAsker {
        /// Who asked.
        asked_by: UserId,
    },
    /// The time for an answer is over.
    #[error("the question could be answered until {expired_at}")]
    Over {
        /// When it ended.
        expired_at: Timestamp,
    },
    /// The time for an answer is not over.
    #[error("the question can be answered until {expires_at}")]
    Waits {
        /// When it ends.
        expires_at: Timestamp,
    },
}
