//! Keeps what an attempt would lose with its worktree.

use std::path::Path;

use crate::domain::commit::CommitId;

use super::error::GitError;
use super::place::Place;
use super::program::Git;

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// The ref in the clone.
    pub reference: String,
    /// The commit it points to.
    pub commit: CommitId,
    /// How many paths had uncommitted changes.
    pub paths: usize,
    /// Whether commits were kept that no remote ref has.
    pub unpushed: bool,
}

impl Git {
    /// Keeps uncommitted and unpushed work of the attempt at `refs/salvage/<job>/<attempt>` of the
    /// clone; none when there was nothing to keep.
    ///
    /// # Errors
    /// When the work cannot be kept; then nothing may be removed.
    pub async fn salvage(&self, clone: &Path, place: &Place) -> Result<Option<Salvaged>, GitError> {
        let _ = (clone, place);
        Err(GitError::Lost { what: "salvage" })
    }
}
