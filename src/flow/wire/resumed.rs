//! A run that goes on.

use serde::{Deserialize, Serialize};

/// The answer of `sprint resume`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct RunResumed {
    /// The run.
    pub sprint_run_id: String,
    /// Where it is, in lower case.
    pub status: String,
    /// The questions that nobody has to answer any more.
    pub closed_questions: Vec<String>,
    /// Its pull requests that go on.
    pub pull_requests: Vec<ResumedPr>,
}

/// A pull request that goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct ResumedPr {
    /// Its branch.
    pub branch: String,
    /// Its address.
    pub pr_url: String,
    /// Where it is, in lower case.
    pub status: String,
}
