//! Removes the worktree of an attempt that ended.

use std::path::Path;

use super::error::GitError;
use super::place::Place;
use super::program::Git;
use super::salvage::Salvaged;

/// What was removed and kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removed {
    /// Whether there was a folder.
    pub folder: bool,
    /// The local branch that was deleted.
    pub branch: Option<String>,
    /// What was kept of the work.
    pub salvaged: Option<Salvaged>,
}

impl Git {
    /// Salvages, then removes the folder, what the clone knows of it, and its local branch when nothing
    /// is lost with it. Calling it again is fine.
    ///
    /// # Errors
    /// When the work cannot be kept (then nothing is removed) or the folder resists.
    pub async fn remove_worktree(&self, clone: &Path, place: &Place) -> Result<Removed, GitError> {
        let _ = (clone, place);
        Err(GitError::Lost { what: "remove" })
    }
}
