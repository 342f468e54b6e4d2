//! Why a worker's move was refused.

use crate::domain::time::Timestamp;

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its last sign of life is too fresh.
    #[error("the worker was seen at {last_seen_at} and counts as gone from {until} on")]
    Seen {
        /// Its last sign of life.
        last_seen_at: Timestamp,
        /// When it counts as gone.
        until: Timestamp,
    },
    /// Its token was taken back.
    #[error("the worker's token was revoked at {at}")]
    Revoked {
        /// When.
        at: Timestamp,
    },
}
