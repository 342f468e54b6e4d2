//! Claiming, renewing, verifying and reporting.

use serde::{Deserialize, Serialize};

/// The answer of `wait_for_job`: `status` is `claimed`, with a job, or `timeout`, with a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct JobAnswer {
    /// `claimed` or `timeout`.
    pub status: String,
    /// Why there is no job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_id: Option<String>,
    /// The attempt: name it in every later call about the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<i64>,
    /// What kind of work, as `TASK_IMPLEMENTATION`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Until when the job is yours without a sign of life, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease_until: Option<String>,
    /// How often to call `job_heartbeat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat_interval_seconds: Option<i64>,
    /// How the agent should be run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Config>,
    /// The task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskBrief>,
    /// Its story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<StoryBrief>,
    /// Its backlog item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pbi: Option<PbiBrief>,
    /// Its sprint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sprint: Option<SprintBrief>,
    /// Its product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductBrief>,
    /// Where to work: the only folder to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worktree_path: Option<String>,
    /// The branch that is checked out there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch_name: Option<String>,
    /// The branch had commits of earlier jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reused_branch: Option<bool>,
    /// The commit that the work is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_sha: Option<String>,
    /// What the files there do not show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// Lines that each commit is to end with, where the product asks for it. The hooks of the worktree write them; write
    /// them yourself where its hooks do not run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub commit_trailers: Vec<String>,
    /// What may be called next.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub legal_next: Vec<String>,
}

/// Something about paths that their files do not show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Notice {
    /// `EMPTY_SUBMODULES` or `LFS_POINTERS` of a worktree, `SUBMODULES_CHANGED` or `LFS_POINTERS_CHANGED` of a change.
    pub code: String,
    /// What to know of it.
    pub message: String,
    /// The paths that it is about, at most 20.
    pub paths: Vec<String>,
    /// How many these are.
    pub count: usize,
}

/// How an agent should be run (`original` 10).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Config {
    /// The model.
    pub model: String,
    /// Tokens for thinking; 0 is off.
    pub thinking_budget: i64,
    /// `plan`, `default`, `acceptEdits` or `bypassPermissions`.
    pub permission_mode: String,
    /// Turns at most; none is unlimited.
    pub max_turns: Option<i64>,
    /// Tools that the agent may use; none is all.
    pub allowed_tools: Option<Vec<String>>,
}

/// The task of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct TaskBrief {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// The plan that the attempt will be judged by, frozen.
    pub implementation_plan: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// Another repository than the product's.
    pub repo_url: Option<String>,
    /// What the gate demands: `ALIGNED`, `ALIGNED_OR_PARTIAL` or `ANY`.
    pub verify_required: String,
    /// No change is a good answer.
    pub verify_only: bool,
}

/// The story of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct StoryBrief {
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
}

/// The backlog item of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct PbiBrief {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// 1 (first) to 4.
    pub priority: i64,
    /// Where it is.
    pub status: String,
}

/// The sprint of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct SprintBrief {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub goal: String,
    /// Where it is.
    pub status: String,
}

/// The product of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct ProductBrief {
    /// Its id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Where its repository is.
    pub repo_url: Option<String>,
    /// When work counts as done.
    pub definition_of_done: String,
}

/// The answer of `job_heartbeat`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Heartbeat {
    /// Always true; a lost lease is an error.
    pub ok: bool,
    /// The job.
    pub job_id: String,
    /// The attempt.
    pub attempt: i64,
    /// The new end of the lease, ISO 8601.
    pub lease_until: String,
    /// Where the sprint run is, if the job belongs to one.
    pub sprint_run_status: Option<String>,
    /// Why the sprint run waits, if it does.
    pub sprint_run_pause_reason: Option<String>,
    /// What may be called next.
    pub legal_next: Vec<String>,
}

/// The answer of `verify_task_against_plan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Verified {
    /// `aligned`, `partial`, `empty` or `divergent`.
    pub result: String,
    /// Why.
    pub reasoning: String,
    /// No change is a good answer.
    pub verify_only: bool,
    /// The task.
    pub task_id: String,
    /// The job.
    pub job_id: String,
    /// The attempt.
    pub attempt: i64,
    /// Where the work started.
    pub base_sha: String,
    /// The commit that was judged: `done` needs the worktree to be there still.
    pub head_sha: String,
    /// Paths that are changed and not committed, at most 20. `done` needs none.
    pub uncommitted: Vec<String>,
    /// Whether `done` would be accepted now, given a summary where one is asked for.
    pub allowed_for_done: bool,
    /// The fact that is missing, when not.
    pub missing: Option<String>,
    /// What the change does that its lines do not show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// What may be called next.
    pub legal_next: Vec<String>,
}

/// The answer of `update_job_status`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Reported {
    /// The job.
    pub job_id: String,
    /// The attempt.
    pub attempt: i64,
    /// Where the job is now, in lower case; `failed` also when `done` was reported and the push failed for good.
    pub status: String,
    /// Why it ended, as a word.
    pub end_cause: Option<String>,
    /// The branch.
    pub branch: Option<String>,
    /// When it was pushed, ISO 8601.
    pub pushed_at: Option<String>,
    /// The commit that was pushed.
    pub head_sha: Option<String>,
    /// What came of the push of a job that ended: `PUSHED`, `PUSH_NOTHING` where it made no commit, or how it failed:
    /// `PUSH_NO_CREDENTIALS`, `PUSH_CONFLICT`, `PUSH_REJECTED`, `PUSH_TOO_LARGE`, `PUSH_DEFAULT_BRANCH`, `PUSH_UNKNOWN`.
    pub push_code: Option<String>,
    /// Where the remote rejected it, by what: `protected-branch`, `hook` or `unnamed`.
    pub push_rule: Option<String>,
    /// The pull request.
    pub pr_url: Option<String>,
    /// `aligned`, `partial`, `empty` or `divergent`.
    pub verify_result: Option<String>,
    /// The summary.
    pub summary: Option<String>,
    /// The error.
    pub error: Option<String>,
    /// What a failure did to others, in one line: `siblings_cancelled=2; waiting=3`. What it undoes at the forge comes
    /// after the answer; `job show` says how far that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cascade: Option<String>,
    /// When work began, ISO 8601.
    pub started_at: Option<String>,
    /// When the job ended, ISO 8601.
    pub finished_at: Option<String>,
    /// `idle`, `wait_for_job_again` or `queue_empty`.
    pub next_action: String,
    /// This outcome had been reported and stored before.
    pub replayed: bool,
    /// What may be called next.
    pub legal_next: Vec<String>,
}
