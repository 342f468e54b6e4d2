//! Why an attempt's move was refused.

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// An attempt ends with its own job's move only.
    #[error("attempt {mine} does not end with the move of {moved}")]
    ForeignMove {
        /// The attempt, as `<job>/<number>`.
        mine: String,
        /// The job that moved, and the attempt that it moved in.
        moved: String,
    },
}
