//! The answer of a comparison, with what it rests on.

use super::result::VerifyResult;

/// How a diff compares with a plan, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The answer.
    pub result: VerifyResult,
    /// The answer's reason in one line of at most 600 characters.
    pub reasoning: String,
    /// How many paths the plan names.
    pub planned: usize,
    /// How many of them the diff touches.
    pub covered: usize,
    /// The planned paths the diff does not touch, in the plan's order.
    pub missing: Vec<String>,
    /// The touched paths no planned path stands for, sorted; empty when the plan names no path.
    pub extra: Vec<String>,
}
