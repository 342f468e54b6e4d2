//! What each kind of job is run with when nobody asks for something else.

use super::resolve::JobConfig;
use super::words::PermissionMode;
use crate::domain::job::Kind;

/// The model of most kinds.
pub const SONNET: &str = "claude-sonnet-4-6";
/// The model of plans, and of tasks that demand it.
pub const OPUS: &str = "claude-opus-4-7";

/// The default of a kind.
#[must_use]
pub fn of(kind: Kind) -> JobConfig {
    use PermissionMode::{AcceptEdits, BypassPermissions};
    let (model, thinking_budget, permission_mode, max_turns) = match kind {
        Kind::IdeaGrill => (SONNET, 12_000, AcceptEdits, Some(15)),
        Kind::IdeaMakePlan => (OPUS, 24_000, AcceptEdits, Some(20)),
        Kind::IdeaReviewPlan => (OPUS, 6_000, AcceptEdits, Some(1)),
        Kind::PlanChat => (SONNET, 6_000, AcceptEdits, Some(5)),
        Kind::TaskImplementation => (SONNET, 6_000, BypassPermissions, Some(50)),
        Kind::SprintImplementation => (SONNET, 6_000, BypassPermissions, None),
    };
    JobConfig { model: model.to_owned(), thinking_budget, permission_mode, max_turns }
}
