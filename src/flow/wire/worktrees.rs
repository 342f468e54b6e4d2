//! What lies on a machine's disk for attempts: worktrees and vaults, whose each is, and why it stays or goes.

use serde::{Deserialize, Serialize};

/// Arguments of `cleanup_my_worktrees`: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CleanupMyWorktrees {}

/// The answer of `cleanup_my_worktrees` and of `worktree clean`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Cleaned {
    /// Folders that were removed, after what they held was kept.
    pub removed: Vec<String>,
    /// Folders of attempts that stay.
    pub kept: Vec<String>,
    /// What is not ours: nobody touched it.
    pub skipped: Vec<String>,
    /// All of them, with whose each is, and why it stays or goes.
    pub details: Vec<WorktreeView>,
    /// Bytes that the removed took on the disk.
    pub freed_bytes: u64,
    /// Bytes that can still be written to the disk of the worktrees.
    pub free_bytes: u64,
}

/// What lies in the folder of worktrees.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct WorktreeView {
    /// The name of the folder, under the root of worktrees.
    pub folder: String,
    /// The whole path.
    pub path: String,
    /// `held`, `ended`, `cancelled_not_confirmed`, `half_made`, `notes_only` (the folder is gone), `archived`, `free` (a
    /// product's that nobody holds) or `unknown`.
    pub state: String,
    /// `stays`, `goes` (it can be removed), `removed`, or `foreign` (it is not ours, and is never touched).
    pub fate: String,
    /// Why, as a word: `held`, `other_host`, `not_pushed`, `not_confirmed`, `just_ended`, `failed`, `archived`; `ended`,
    /// `stopped`, `silent`, `agent_gone`, `free`; `not_our_name`, `link`, `not_a_folder`, `other_owner`,
    /// `not_made_here`, `not_in_database`.
    pub why: String,
    /// Why, in a sentence.
    pub because: String,
    /// When it can go without anybody doing anything, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_at: Option<String>,
    /// Bytes that it took on the disk when it was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// It takes more than `bytes`: there was too much to count.
    pub bytes_are_least: bool,
    /// What was kept of it now, before it was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salvaged: Option<SalvagedView>,
    /// Its attempt; absent where there is none in the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<TenantView>,
}

/// What was kept of a worktree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct SalvagedView {
    /// The ref in the vault.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The commit it points to.
    pub commit: String,
    /// How many files had changes that were not committed.
    pub paths: u64,
}

/// The attempt that a worktree belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct TenantView {
    /// The user whose job it is.
    pub user_id: String,
    /// The job.
    pub job_id: String,
    /// Where the job is.
    pub job_status: String,
    /// The number of the attempt.
    pub attempt: u32,
    /// Where the attempt is.
    pub status: String,
    /// The machine that claimed.
    pub host: String,
    /// The process that claimed.
    pub worker: String,
    /// The repository.
    pub repo_url: Option<String>,
    /// The branch.
    pub branch: Option<String>,
    /// When it was claimed, ISO 8601.
    pub claimed_at: String,
    /// When it ended, ISO 8601.
    pub ended_at: Option<String>,
}

/// The answer of `worktree list`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Worktrees {
    /// This machine, as it claims.
    pub host: String,
    /// The user who asks.
    pub user_id: String,
    /// The folder of worktrees.
    pub worktree_root: RootView,
    /// What lies there, and what is noted of worktrees that are gone.
    pub worktrees: Vec<WorktreeView>,
    /// The folder of vaults.
    pub vault_root: RootView,
    /// What lies there.
    pub vaults: Vec<VaultView>,
}

/// A folder of ours and its disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RootView {
    /// The path.
    pub path: String,
    /// Bytes that can still be written there.
    pub free_bytes: u64,
    /// Bytes of the whole disk.
    pub disk_bytes: u64,
}

/// What lies in the folder of vaults. None of it is ever removed by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VaultView {
    /// The name.
    pub folder: String,
    /// `vault`, `half_made`, `books` (notes of worktrees and locks) or `unknown`.
    pub state: String,
    /// Why it stays, in a sentence.
    pub because: String,
    /// The remote whose vault it is.
    pub repo_url: Option<String>,
    /// How many of the worktrees that were found borrow its objects.
    pub worktrees: usize,
    /// Bytes that it takes on the disk.
    pub bytes: u64,
    /// It takes more than `bytes`: there was too much to count.
    pub bytes_are_least: bool,
}

/// The worktree of a product, for an attempt of a job about ideas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct ProductTree {
    /// The product.
    pub product_id: String,
    /// The folder; absent where the product was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worktree_path: Option<String>,
    /// The commit that it was brought to; absent where the attempt asked before and may have gone on from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_sha: Option<String>,
    /// It is the first that has a folder.
    pub is_primary: bool,
    /// Why it has none: `no repository`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}
