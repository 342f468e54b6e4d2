//! Products, backlog items, stories and tasks.

use serde::{Deserialize, Serialize};

/// The answer of `list_products`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Products {
    /// Newest first.
    pub result: Vec<ProductView>,
}

/// A product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct ProductView {
    /// Its id.
    pub id: String,
    /// A short code.
    pub code: Option<String>,
    /// The name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Where its repository is.
    pub repo_url: Option<String>,
    /// When work counts as done.
    pub definition_of_done: String,
    /// Commits of its jobs name job, attempt and plan in trailers.
    pub trailers: bool,
    /// `STORY`, a branch a story, or `SPRINT`, one for the whole run.
    pub pr_strategy: String,
    /// Branches get their pull requests by themselves.
    pub auto_pr: bool,
    /// What is kept of attempts is sent to the remote, too.
    pub push_salvage: bool,
    /// Failures of the surroundings cascade too.
    pub cascade_on_infrastructure: bool,
}

/// The answer of `get_claude_context`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct ClaudeContext {
    /// The product.
    pub product: ProductView,
    /// Its newest open sprint.
    pub active_sprint: Option<SprintView>,
    /// The first story of that sprint that is not handled.
    pub next_story: Option<ContextStory>,
    /// Ideas that are not planned; always empty in this version.
    pub open_ideas: Vec<String>,
}

/// A sprint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct SprintView {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub sprint_goal: String,
    /// Where it is.
    pub status: String,
}

/// A story with its tasks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct ContextStory {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// When it is accepted.
    pub acceptance_criteria: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// Where it is, in lower case.
    pub status: String,
    /// Its tasks, in order.
    pub tasks: Vec<ContextTask>,
}

/// A task of a story.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct ContextTask {
    /// Its id.
    pub id: String,
    /// The story's code and the place in it, as `ST-001.2`.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// Its plan.
    pub implementation_plan: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority.
    pub sort_order: f64,
    /// Where it is, in lower case.
    pub status: String,
}

/// The answer of `create_pbi`, `create_story` and `create_task`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Created {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority.
    pub sort_order: f64,
    /// Where it is, in lower case.
    pub status: String,
    /// When it was made, ISO 8601.
    pub created_at: String,
}

/// The answer of `update_task_status` and `update_task_plan`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct TaskAnswer {
    /// The task.
    pub id: String,
    /// Where it is, in lower case.
    pub status: String,
    /// Its plan.
    pub implementation_plan: Option<String>,
    /// `promoted` when its story became done, `demoted` when it no longer is.
    pub story_status_change: Option<String>,
    /// The new status of its sprint run, if it changed.
    pub sprint_run_status_change: Option<String>,
    /// Statuses that the task may go to next, in lower case.
    pub legal_next: Vec<String>,
}
