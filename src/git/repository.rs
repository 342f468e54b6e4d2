//! Opens clones, and what a clone says of its worktrees.

use std::path::Path;

/// Whether the folder is the top of a clone with a work tree.
#[must_use]
pub fn is_clone(path: &Path) -> bool {
    git2::Repository::open(path).is_ok_and(|repo| !repo.is_bare())
}
