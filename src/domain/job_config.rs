//! How an agent of each kind of job is run when nobody asks for something else (`original` 10).

use super::job::Kind;

/// How an agent is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobConfig {
    /// The model.
    pub model: &'static str,
    /// Tokens for thinking; 0 is off.
    pub thinking_budget: i64,
    /// What the agent may do without asking.
    pub permission_mode: &'static str,
    /// Turns at most; none is unlimited.
    pub max_turns: Option<i64>,
}

const SONNET: &str = "claude-sonnet-4-6";
const OPUS: &str = "claude-opus-4-7";

/// The default of a kind.
#[must_use]
pub fn of(kind: Kind) -> JobConfig {
    let (model, thinking_budget, permission_mode, max_turns) = match kind {
        Kind::IdeaGrill => (SONNET, 12_000, "acceptEdits", Some(15)),
        Kind::IdeaMakePlan => (OPUS, 24_000, "acceptEdits", Some(20)),
        Kind::IdeaReviewPlan => (OPUS, 6_000, "acceptEdits", Some(1)),
        Kind::PlanChat => (SONNET, 6_000, "acceptEdits", Some(5)),
        Kind::TaskImplementation => (SONNET, 6_000, "bypassPermissions", Some(50)),
        Kind::SprintImplementation => (SONNET, 6_000, "bypassPermissions", None),
    };
    JobConfig { model, thinking_budget, permission_mode, max_turns }
}
