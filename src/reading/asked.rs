//! What agents ask for: the arguments of the tools, with the field names that their prompts use (`original` 3).

use serde::{Deserialize, Serialize};

/// Arguments of `wait_for_job`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WaitForJob {
    /// Take jobs of this product only.
    #[serde(default)]
    pub product_id: Option<String>,
    /// How long to wait at most, 0 to 600 seconds; 300 when absent.
    #[serde(default)]
    pub wait_seconds: Option<i64>,
    /// Repeating the call with the same id returns the same job instead of claiming another.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// Arguments of `job_heartbeat`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JobHeartbeat {
    /// The job.
    pub job_id: String,
    /// The attempt, as `wait_for_job` gave it.
    #[serde(default)]
    pub attempt: Option<i64>,
}

/// Arguments of `verify_task_against_plan`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyTask {
    /// The task whose job you hold.
    pub task_id: String,
    /// Your worktree. It is only compared with the one that the job was given.
    #[serde(default)]
    pub worktree_path: Option<String>,
    /// The attempt, as `wait_for_job` gave it.
    #[serde(default)]
    pub attempt: Option<i64>,
}

/// What a worker reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReportStatus {
    /// Work began, or goes on.
    Running,
    /// The work is done.
    Done,
    /// The work failed.
    Failed,
    /// There is nothing to do.
    Skipped,
}

/// Arguments of `update_job_status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateJobStatus {
    /// The job.
    pub job_id: String,
    /// What to report.
    pub status: ReportStatus,
    /// The attempt, as `wait_for_job` gave it.
    #[serde(default)]
    pub attempt: Option<i64>,
    /// The branch; it must be the job's.
    #[serde(default)]
    pub branch: Option<String>,
    /// What was done, at most 1000 characters; explains a deviation from the plan.
    #[serde(default)]
    pub summary: Option<String>,
    /// What went wrong or why there is nothing to do, at most 2000 characters.
    #[serde(default)]
    pub error: Option<String>,
    /// The model that worked, at most 200 characters.
    #[serde(default)]
    pub model_id: Option<String>,
    /// Tokens read.
    #[serde(default)]
    pub input_tokens: Option<i64>,
    /// Tokens written.
    #[serde(default)]
    pub output_tokens: Option<i64>,
    /// Tokens read from a cache.
    #[serde(default)]
    pub cache_read_tokens: Option<i64>,
    /// Tokens written to a cache.
    #[serde(default)]
    pub cache_write_tokens: Option<i64>,
    /// Repeating the call with the same id returns the same answer.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// Arguments of `check_queue_empty`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckQueueEmpty {
    /// Count this product's jobs only.
    #[serde(default)]
    pub product_id: Option<String>,
}

/// Arguments of `list_products`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListProducts {}

/// Arguments of `get_claude_context`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetClaudeContext {
    /// The product.
    pub product_id: String,
}

/// Arguments of `create_pbi`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreatePbi {
    /// The product.
    pub product_id: String,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 4000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority; the last when absent.
    #[serde(default)]
    pub sort_order: Option<f64>,
    /// Repeating the call with the same id returns the same answer.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// Arguments of `create_story`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateStory {
    /// The backlog item.
    pub pbi_id: String,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 4000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// At most 4000 characters.
    #[serde(default)]
    pub acceptance_criteria: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority; the last when absent.
    #[serde(default)]
    pub sort_order: Option<f64>,
    /// The sprint to plan it for, of the same product.
    #[serde(default)]
    pub sprint_id: Option<String>,
    /// Repeating the call with the same id returns the same answer.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// Arguments of `create_task`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTask {
    /// The story.
    pub story_id: String,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 4000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// The plan that the work is judged by; at most 8000 characters.
    #[serde(default)]
    pub implementation_plan: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority; the last when absent.
    #[serde(default)]
    pub sort_order: Option<f64>,
    /// Another repository than the product's.
    #[serde(default)]
    pub repo_url: Option<String>,
    /// Repeating the call with the same id returns the same answer.
    #[serde(default)]
    pub request_id: Option<String>,
}

/// Arguments of `update_task_status`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateTaskStatus {
    /// The task.
    pub task_id: String,
    /// `todo`, `in_progress`, `review`, `done`, `failed` or `excluded`.
    pub status: String,
    /// The sprint run in which it happens.
    #[serde(default)]
    pub sprint_run_id: Option<String>,
}

/// Arguments of `update_task_plan`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateTaskPlan {
    /// The task.
    pub task_id: String,
    /// The plan, at most 8000 characters, possibly empty. Attempts keep the plan that they were given.
    pub implementation_plan: String,
}

/// Arguments of `set_pbi_pr`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPbiPr {
    /// The backlog item.
    pub pbi_id: String,
    /// Its pull request, at a forge that is configured: `https://host/owner/name/pull/7` at GitHub, `…/pulls/7` at Forgejo.
    pub pr_url: String,
}

/// Arguments of `mark_pbi_pr_merged`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MarkPbiPrMerged {
    /// The backlog item, which has a pull request.
    pub pbi_id: String,
}
