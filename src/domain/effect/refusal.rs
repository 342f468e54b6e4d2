//! Why an effect's move was refused.

use crate::domain::actor::ActorKind;
use crate::domain::time::Timestamp;

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its time has not come.
    #[error("the effect may not be tried before {due_at}")]
    NotDue {
        /// When it may be.
        due_at: Timestamp,
    },
    /// The caller's try is not the one that runs.
    #[error("try {yours} lost its lease; the effect is at try {current}")]
    LeaseLost {
        /// The try that the caller spoke for.
        yours: u32,
        /// The try that runs.
        current: u32,
    },
    /// The lease has not run out.
    #[error("the lease runs until {until}")]
    LeaseRuns {
        /// Its end.
        until: Timestamp,
    },
    /// Only a person decides this.
    #[error("only a person decides this, and this is {kind}")]
    NotAPerson {
        /// What the caller is.
        kind: ActorKind,
    },
    /// A reason is too short to tell anybody anything.
    #[error("a reason of at least {min} characters is needed ({found} given)")]
    NoReason {
        /// The characters needed.
        min: usize,
        /// The characters given, trimmed.
        found: usize,
    },
}
