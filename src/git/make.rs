//! Makes the worktree of an attempt.

use std::path::{Path, PathBuf};

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::place::Place;
use super::program::Git;

/// What is needed to make a worktree.
#[derive(Debug, Clone)]
pub struct WorktreeAsk<'a> {
    /// The person's clone that lends its objects.
    pub clone: &'a Path,
    /// Where the repository is published.
    pub url: &'a RemoteUrl,
    /// For which attempt.
    pub place: Place,
    /// The branch to work on.
    pub branch: &'a BranchName,
}

/// A worktree that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worktree {
    /// The folder.
    pub path: PathBuf,
    /// The branch it is on.
    pub branch: BranchName,
    /// The commit it started from.
    pub base: CommitId,
    /// Tip of the branch on the remote when the worktree was made; none: the branch is not there yet.
    pub published: Option<CommitId>,
    /// An earlier call for the same attempt had already made it, and it was untouched.
    pub reused: bool,
}

impl Git {
    /// Makes the worktree of an attempt.
    ///
    /// # Errors
    /// Of every class; nothing half-made stays behind.
    pub async fn make_worktree(&self, ask: WorktreeAsk<'_>) -> Result<Worktree, GitError> {
        let _ = ask;
        Err(GitError::Lost { what: "make a worktree" })
    }
}
