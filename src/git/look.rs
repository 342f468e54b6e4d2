//! Looks at an attempt's worktree.

use std::path::Path;

use crate::domain::commit::CommitId;

use super::error::GitError;
use super::place::Place;
use super::program::Git;

/// What an attempt's worktree shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The commit it is on.
    pub head: CommitId,
    /// The branch it is on, without `refs/heads/`; none when detached.
    pub branch: Option<String>,
    /// Paths that differ from `head`, untracked ones too, ignored ones not; at most 20.
    pub dirty: Vec<String>,
}

impl Git {
    /// Looks at the attempt's worktree.
    ///
    /// # Errors
    /// [`GitError::NoWorktree`] without a folder, [`GitError::TamperedWorktree`] when it is not tied to `clone`.
    pub async fn look(&self, clone: &Path, place: &Place) -> Result<Look, GitError> {
        let _ = (clone, place);
        Err(GitError::Lost { what: "look" })
    }
}
