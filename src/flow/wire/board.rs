//! What people look at: jobs, their history, the board and the audit.

use serde::Serialize;

/// A job in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct JobLine {
    /// The job.
    pub job_id: String,
    /// Where it is.
    pub status: String,
    /// Why it ended.
    pub end_cause: Option<String>,
    /// What kind of work.
    pub kind: String,
    /// Its attempts so far.
    pub attempt: u32,
    /// Its task's code.
    pub task_code: Option<String>,
    /// Its task's title.
    pub title: Option<String>,
    /// Its branch.
    pub branch: Option<String>,
    /// Its last verdict.
    pub verify_result: Option<String>,
    /// The commit that was pushed.
    pub head_sha: Option<String>,
    /// Its error or reason.
    pub error: Option<String>,
    /// The end of its lease, ISO 8601.
    pub lease_until: Option<String>,
    /// When it was queued, ISO 8601.
    pub created_at: String,
    /// When it ended, ISO 8601.
    pub finished_at: Option<String>,
}

/// A job with its attempts and history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct JobDetail {
    /// The job.
    pub job: JobLine,
    /// The worker's words.
    pub summary: Option<String>,
    /// The reasoning of the last verdict.
    pub verify_reasoning: Option<String>,
    /// What its failure did to others, and how far what it undoes is, in one line; none when that was nothing.
    pub cascade: Option<String>,
    /// The last publication of its branch; absent where no forge of its repository is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication: Option<PublicationView>,
    /// Its attempts, first to last.
    pub attempts: Vec<AttemptView>,
    /// Its ledger rows, first to last.
    pub history: Vec<HistoryLine>,
    /// The events that are legal now.
    pub legal_next: Vec<String>,
}

/// The publication of a branch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PublicationView {
    /// Where it is.
    pub status: String,
    /// Its pull request.
    pub pr_url: Option<String>,
    /// The last commit that is known of it.
    pub head_sha: Option<String>,
    /// The commit that the merge made.
    pub merge_sha: Option<String>,
    /// The last commit of what was merged, where no job published it, so that nobody verified it.
    pub unverified_sha: Option<String>,
}

/// An attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AttemptView {
    /// Its number.
    pub attempt: u32,
    /// Where it is.
    pub status: String,
    /// The process that claimed.
    pub worker: String,
    /// Its verdict.
    pub verify_result: Option<String>,
    /// Where its work started.
    pub base_sha: Option<String>,
    /// When it began, ISO 8601.
    pub claimed_at: String,
    /// When it ended, ISO 8601.
    pub ended_at: Option<String>,
    /// What was kept of its worktree, where something would have been lost with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<KeptView>,
}

/// Work that was kept of an attempt before its worktree went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct KeptView {
    /// The ref in the vault on the attempt's host.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The commit it points to.
    pub commit: String,
    /// CHANGES that were not committed, COMMITS that were not published, or BOTH.
    pub kind: String,
    /// How many files had changes that were not committed.
    pub paths: u32,
    /// When, ISO 8601.
    pub at: String,
}

/// A ledger row for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HistoryLine {
    /// When, ISO 8601.
    pub at: String,
    /// The status before.
    pub from: Option<String>,
    /// What happened.
    pub event: String,
    /// The status after.
    pub to: String,
    /// `human`, `agent` or `system`.
    pub actor: String,
    /// The attempt that spoke.
    pub attempt: Option<i64>,
    /// What the guard read, JSON.
    pub facts: String,
}

/// Why a job is where it is, and what would move it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The job.
    pub job_id: String,
    /// Where it is.
    pub status: String,
    /// The answer in one sentence.
    pub verdict: String,
    /// The first guard that does not hold, as a word; none when the job can be claimed.
    pub guard: Option<String>,
    /// What that guard read, with its word as `guard`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guard_read: Option<serde_json::Value>,
    /// The facts that were read.
    pub facts: Vec<String>,
    /// The events that are legal now, and who fires them.
    pub legal_next: Vec<String>,
}

/// The board: every product's newest runs and their jobs, and the backlog beneath.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Board {
    /// Sprint runs, newest first.
    pub runs: Vec<RunLine>,
    /// Jobs, newest first.
    pub jobs: Vec<JobLine>,
}

/// A sprint run in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunLine {
    /// The run.
    pub run_id: String,
    /// Its sprint's code.
    pub sprint_code: String,
    /// Its sprint's goal.
    pub sprint_goal: String,
    /// Its sprint's status.
    pub sprint_status: String,
    /// Where it is.
    pub status: String,
    /// How it turns work into branches.
    pub pr_strategy: String,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// Stories of the sprint.
    pub stories: Vec<StoryLine>,
}

/// A story in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StoryLine {
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// Where it is.
    pub status: String,
    /// Its tasks.
    pub tasks: Vec<TaskLine>,
}

/// A task in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TaskLine {
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// Where it is.
    pub status: String,
}
