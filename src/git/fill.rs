//! Writes the files of a worktree that was just added, then declares it finished.

use std::fs;
use std::path::Path;

use git2::Oid;
use git2::build::CheckoutBuilder;

use super::error::GitError;
use super::repository::Home;
use super::snapshot::with_files;
use super::tie::tied;

/// Writes the files of `start` into the folder. The library runs none of the filters of the config.
pub(super) fn fill(clone: &Path, folder: &Path, start: Oid) -> Result<(), GitError> {
    let fail = GitError::library("write the files of the worktree");
    let home = Home::open(clone)?;
    let admin = tied(&home, folder)?;
    if home.commit_of(&admin.head) != Some(start) {
        return Err(GitError::TamperedWorktree {
            path: folder.into(),
            why: "it does not stand where it was made",
        });
    }
    let (repo, _index) = with_files(home, folder, &admin.dir.join("index"))?;
    let commit = repo.find_commit(start).map_err(&fail)?;
    let mut options = CheckoutBuilder::new();
    options.force();
    repo.checkout_tree(commit.as_object(), Some(&mut options)).map_err(&fail)?;
    let locked = admin.dir.join("locked");
    fs::remove_file(&locked).map_err(GitError::io("remove", locked))
}
