//! Looks at an attempt's worktree. No program runs: neither hooks nor filters nor monitors of the agent.

use std::path::Path;

use git2::DiffOptions;

use crate::domain::commit::CommitId;

use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::repository::{Head, Home};
use super::settings::Git;
use super::snapshot::with_files;
use super::tie::tied;
use super::vault::commit_id;

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
    /// [`GitError::NoWorktree`] without a folder, [`GitError::TamperedWorktree`] when it is not tied to
    /// `clone` or stands on no commit.
    pub async fn look(&self, clone: &Path, place: &Place) -> Result<Look, GitError> {
        let (clone, folder) = (clone.to_owned(), self.path_of(place));
        blocking("look at a worktree", move || look(&clone, &folder)).await
    }
}

fn look(clone: &Path, folder: &Path) -> Result<Look, GitError> {
    let home = Home::open(clone)?;
    let admin = tied(&home, folder)?;
    let no_commit = || GitError::TamperedWorktree { path: folder.into(), why: "it stands on no commit" };
    let head = home.commit_of(&admin.head).ok_or_else(no_commit)?;
    let branch = match &admin.head {
        Head::On(name) => name.strip_prefix("refs/heads/").map(str::to_owned),
        Head::At(_) | Head::Unreadable => None,
    };
    Ok(Look { head: commit_id(head)?, branch, dirty: dirty(home, folder, &admin.dir.join("index"), head)? })
}

/// Paths of the folder that differ from the commit, at most 20.
pub(super) fn dirty(
    home: Home,
    folder: &Path,
    index: &Path,
    head: git2::Oid,
) -> Result<Vec<String>, GitError> {
    let fail = GitError::library("compare the worktree with its commit");
    let (repo, _index) = with_files(home, folder, index)?;
    let tree = repo.find_commit(head).and_then(|commit| commit.tree()).map_err(&fail)?;
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true);
    let diff = repo.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options)).map_err(&fail)?;
    let path = |delta: git2::DiffDelta<'_>| {
        let bytes = delta.new_file().path_bytes().or_else(|| delta.old_file().path_bytes());
        String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
    };
    Ok(diff.deltas().map(path).take(20).collect())
}
