//! What was kept of attempts before their worktrees went.

use serde::Serialize;

/// Salvaged work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SalvageView {
    /// The job.
    pub job_id: String,
    /// The attempt of it.
    pub attempt: u32,
    /// The repository.
    pub repo_url: String,
    /// The ref in the vault on the attempt's host.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The commit it points to.
    pub commit_sha: String,
    /// `CHANGES` that were not committed, `COMMITS` that were not published, or `BOTH`.
    pub kind: String,
    /// How many files had changes that were not committed.
    pub paths: u32,
    /// When it was kept, ISO 8601.
    pub salvaged_at: String,
    /// How long ago that was.
    pub age_seconds: i64,
    /// When it was last restored, ISO 8601.
    pub restored_at: Option<String>,
    /// The machine whose vault has it.
    pub host: Option<String>,
    /// This machine's vault has it.
    pub is_here: bool,
}

/// Salvaged work with what it consists of, where this machine has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SalvageDetail {
    /// The whole.
    pub salvage: SalvageView,
    /// Commits that no branch of the remote has, the newest first.
    pub commits: Vec<SalvagedCommit>,
    /// Files that were in no commit.
    pub files: Vec<SalvagedFile>,
    /// There is more of either than is listed.
    pub is_more: bool,
}

/// A commit that was kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SalvagedCommit {
    /// Which.
    pub commit_sha: String,
    /// The first line of its message.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// When, ISO 8601.
    pub at: String,
}

/// A file that was kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SalvagedFile {
    /// Its path.
    pub path: String,
    /// `added`, `changed` or `deleted`.
    pub change: String,
}

/// Salvaged work that was given back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RestoredSalvage {
    /// The job.
    pub job_id: String,
    /// The attempt of it.
    pub attempt: u32,
    /// The commit that is checked out.
    pub commit_sha: String,
    /// The folder, a repository of its own.
    pub folder: String,
    /// The branch that is checked out there.
    pub branch: String,
}

/// What became of salvaged work that somebody wanted to let go of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PrunedSalvages {
    /// What is kept no more.
    pub pruned: Vec<SalvageView>,
    /// What stays, at most 100 of it.
    pub kept: Vec<StayingSalvage>,
    /// How many stay.
    pub kept_total: usize,
}

/// Salvaged work that stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StayingSalvage {
    /// Which.
    pub salvage: SalvageView,
    /// Why.
    pub why: String,
}
