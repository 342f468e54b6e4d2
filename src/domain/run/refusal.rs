//! Why a run's move was refused.

use super::words::{PauseReason, PrStrategy};

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only a batch that ran out of quota is taken on by a new run; any other resumes in place.
    #[error("a {strategy} run that waits for {reason} resumes in place")]
    ResumesInPlace {
        /// How the run works.
        strategy: PrStrategy,
        /// Why it waits.
        reason: PauseReason,
    },
}
