//! Why a move was refused. A refusal is the absence of a step: nothing was decided, so nothing can be written.

use super::words::{Kind, Status};
use crate::domain::time::Timestamp;
use crate::domain::verify::VerifyResult;

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The caller's attempt is not the one that holds the job.
    #[error("attempt {yours} lost its lease; the job is at attempt {current}")]
    LeaseLost {
        /// The attempt that the caller spoke for.
        yours: u32,
        /// The attempt that holds or last held the job.
        current: u32,
    },
    /// The job waits after an attempt that was given back.
    #[error("the job may not be claimed before {until}")]
    NotYet {
        /// When it may be.
        until: Timestamp,
    },
    /// The lease has not run out.
    #[error("the lease runs until {until}")]
    LeaseRuns {
        /// Its end.
        until: Timestamp,
    },
    /// The proof was given for another job or attempt.
    #[error("the proof was given for another job or attempt")]
    ForeignProof,
    /// A sprint job is judged by its tasks, any other by its own verdict.
    #[error("a {kind} job is not judged by the gate that gave this proof")]
    WrongGate {
        /// The kind.
        kind: Kind,
    },
    /// What was published is not what was verified.
    #[error("the published commit is not the one that was verified")]
    UnverifiedPublication,
    /// Something was changed, and nothing was published.
    #[error("the verdict is {result}, and what was changed has not been published")]
    Unpublished {
        /// The verdict.
        result: VerifyResult,
    },
    /// Only tasks can be skipped.
    #[error("a {kind} job cannot be skipped")]
    NotSkippable {
        /// The kind.
        kind: Kind,
    },
    /// A reason is too short to tell anybody anything.
    #[error("a reason of at least {min} characters is needed ({found} given)")]
    NoReason {
        /// The characters needed.
        min: usize,
        /// The characters given, trimmed.
        found: usize,
    },
    /// The table has no such edge from here.
    #[error("the job is {status}, where this is not legal")]
    Illegal {
        /// Where the job is.
        status: Status,
    },
}
