//! What a task demands of its verification; frozen when a job is claimed.

use crate::domain::machine::words;

/// Characters (UTF-16 units, trimmed) that a summary needs to explain a deviation (`original` 5.1).
pub const SUMMARY_MIN: usize = 20;

words! {
    /// How close to its plan an attempt must be.
    pub enum Required: "verify requirement" {
        /// Only `ALIGNED` opens the gate.
        Aligned = "ALIGNED",
        /// `PARTIAL` and `DIVERGENT` open it with a summary that explains them.
        AlignedOrPartial = "ALIGNED_OR_PARTIAL",
        /// Any change opens it.
        Any = "ANY",
    }
}

/// The demand on one attempt: set by people, frozen at claim, out of the agent's reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Policy {
    /// How close to the plan.
    pub required: Required,
    /// The task only checks something: no change is a good answer.
    pub verify_only: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { required: Required::AlignedOrPartial, verify_only: false }
    }
}
