//! Who has the say about how an agent is run.

use super::defaults::{OPUS, of};
use super::words::{Effort, PermissionMode};
use crate::domain::job::Kind;

/// How an agent is run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct JobConfig {
    /// The model, as the agent's program takes it.
    pub model: String,
    /// Tokens for thinking, 0 or more; 0 is off.
    pub thinking_budget: i64,
    /// What the agent may do without asking.
    pub permission_mode: PermissionMode,
    /// Turns at most; none is unlimited. For the record: the agent's program has no such option.
    pub max_turns: Option<i64>,
}

/// What somebody asks for: a job's `requested_*`, a product's `preferred_*` and `thinking_budget_default`.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Wishes {
    /// The model; a blank one is no wish.
    pub model: Option<String>,
    /// Tokens for thinking; below 0 is off.
    pub thinking_budget: Option<i64>,
    /// What the agent may do without asking.
    pub permission_mode: Option<PermissionMode>,
}

/// How the job's agent is run: the job's wish before the product's, that before the kind's default. A task that
/// demands the large model gets it whatever anybody wishes. Turns go by the kind alone.
#[must_use]
pub fn resolve(kind: Kind, requires_opus: bool, requested: &Wishes, preferred: &Wishes) -> JobConfig {
    let default = of(kind);
    let wished = [requested, preferred].into_iter().find_map(Wishes::model).map(str::to_owned);
    let budget = requested.thinking_budget.or(preferred.thinking_budget);
    let mode = requested.permission_mode.or(preferred.permission_mode);
    JobConfig {
        model: if requires_opus { OPUS.to_owned() } else { wished.unwrap_or(default.model) },
        thinking_budget: budget.unwrap_or(default.thinking_budget).max(0),
        permission_mode: mode.unwrap_or(default.permission_mode),
        max_turns: default.max_turns,
    }
}

impl Wishes {
    fn model(&self) -> Option<&str> {
        self.model.as_deref().map(str::trim).filter(|model| !model.is_empty())
    }
}

impl JobConfig {
    /// What is kept with a job when it is queued, so that what its product prefers later does not change it.
    #[must_use]
    pub fn snapshot(&self) -> Wishes {
        Wishes {
            model: Some(self.model.clone()),
            thinking_budget: Some(self.thinking_budget),
            permission_mode: Some(self.permission_mode),
        }
    }

    /// How hard the agent thinks.
    #[must_use]
    pub fn effort(&self) -> Effort {
        Effort::of(self.thinking_budget)
    }
}
