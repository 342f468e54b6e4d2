//! Why an attempt does not get the worktrees of its products.

use serde_json::{Value, json};

use crate::domain::machine::Word;
use crate::domain::worktree::Status;

/// Why an attempt does not get the worktrees of its products.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreesError {
    /// Another attempt held one of them all the time.
    #[error("the worktree of product {product} is held by {} until {until}, and was waited for in vain", by(.holder.as_ref()))]
    Locked {
        /// The first one that was not free.
        product: String,
        /// The job and the attempt that hold it, where the caller may see that job.
        holder: Option<(String, u32)>,
        /// Until when, unless that attempt gives another sign of life. ISO 8601.
        until: String,
    },
    /// The attempt had its worktrees, or its chance to have them.
    #[error("attempt {attempt} of job {job} gets no worktrees any more: they are {status}")]
    Over {
        /// The job.
        job: String,
        /// The attempt.
        attempt: u32,
        /// Where they are.
        status: Status,
    },
}

impl TreesError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "WORKTREE_LOCKED",
            Self::Over { .. } => "WORKTREE_OVER",
        }
    }

    /// The facts that were read.
    #[must_use]
    pub fn facts(&self) -> Value {
        match self {
            Self::Locked { product, holder, until } => {
                let (job, attempt) = holder.as_ref().map(|(job, attempt)| (job, attempt)).unzip();
                json!({ "product_id": product, "job_id": job, "attempt": attempt, "until": until })
            }
            Self::Over { job, attempt, status } => {
                json!({ "job_id": job, "attempt": attempt, "status": status.word() })
            }
        }
    }
}

fn by(holder: Option<&(String, u32)>) -> String {
    match holder {
        Some((job, attempt)) => format!("attempt {attempt} of job {job}"),
        None => "somebody else".to_owned(),
    }
}
