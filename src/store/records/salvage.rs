//! What was kept of attempts before their worktrees went.

use crate::domain::commit::CommitId;
use crate::domain::id::JobId;
use crate::domain::machine::words;
use crate::domain::time::Timestamp;

words! {
    /// What salvaged work consists of.
    pub enum SalvageKind: "kind of salvage" {
        /// Changes that were not committed.
        Changes = "CHANGES",
        /// Commits that were not published.
        Commits = "COMMITS",
        /// Both.
        Both = "BOTH",
    }
}

/// Salvaged work, to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSalvage {
    /// The job.
    pub job: JobId,
    /// The attempt of it.
    pub attempt: u32,
    /// The repository.
    pub repo_url: String,
    /// The ref in the vault on the attempt's host, below `refs/salvage/`.
    pub reference: String,
    /// The commit it points to.
    pub commit: CommitId,
    /// What it consists of.
    pub kind: SalvageKind,
    /// How many files had changes that were not committed.
    pub paths: u32,
}

/// Salvaged work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvageRecord {
    /// What was noted of it.
    pub kept: NewSalvage,
    /// When it was salvaged.
    pub salvaged_at: Timestamp,
    /// When it was last restored.
    pub restored_at: Option<Timestamp>,
}
