//! The answer of a comparison, with what it rests on.

use super::result::VerifyResult;
use super::wording::list;

/// Characters of a reason.
const REASONING_MAX: usize = 600;

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

impl Judgement {
    /// Says besides that other repositories are changed, or where they are fetched from: lines of a diff hardly show it.
    #[must_use]
    pub fn with_submodules(mut self, paths: &[String]) -> Self {
        if !paths.is_empty() {
            let said = format!("{}; submodules changed: {}", self.reasoning, list(paths));
            self.reasoning = said.chars().take(REASONING_MAX).collect();
        }
        self
    }
}
