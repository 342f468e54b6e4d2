//! What stands in the way of merging a branch, file by file: found in the vault, because no forge says it.

use git2::{Index, Oid};

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::lock::blocking;
use super::send::NotPushed;
use super::settings::Git;
use super::vault::Vault;

/// What merging a commit into a branch of the remote would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merging {
    /// The branch has the commit already.
    Contained,
    /// Nothing is in the way.
    Clean,
    /// Both sides changed the same.
    Conflict {
        /// The files, sorted, at most [`FILES_MAX`].
        files: Vec<String>,
    },
    /// The two have no history in common.
    Unrelated,
    /// The remote has no such branch.
    NoBase,
    /// The remote could not be asked.
    Failed(NotPushed),
}

/// The most files that a conflict names.
pub const FILES_MAX: usize = 1000;

impl Git {
    /// Merges `head` in memory into the branch `base` as the remote has it now, and says what came of it. Nothing is
    /// written anywhere.
    ///
    /// # Errors
    /// [`GitError::NotInVault`] for a commit that was neither taken nor published; other faults on this side.
    pub async fn conflicts(&self, url: &RemoteUrl, base: &str, head: &CommitId) -> Result<Merging, GitError> {
        let path = match self.refresh(url).await {
            Ok(path) => path,
            Err(error) => return NotPushed::from_remote(error).map(Merging::Failed),
        };
        let (base, head) = (base.to_owned(), head.clone());
        blocking("merge in memory", move || {
            let vault = Vault::open(&path)?;
            let head = vault.commit(&head)?;
            match vault.remote_tip(&base)? {
                Some(base) => merge(&vault, base, head),
                None => Ok(Merging::NoBase),
            }
        })
        .await
    }
}

fn merge(vault: &Vault, base: Oid, head: Oid) -> Result<Merging, GitError> {
    let fail = GitError::library("merge in memory");
    if vault.is_behind(head, &[base])? {
        return Ok(Merging::Contained);
    }
    if vault.common(base, head)?.is_none() {
        return Ok(Merging::Unrelated);
    }
    let commit = |oid| vault.repo.find_commit(oid).map_err(&fail);
    let merged = vault.repo.merge_commits(&commit(base)?, &commit(head)?, None).map_err(&fail)?;
    let files = files(&merged)?;
    Ok(if files.is_empty() { Merging::Clean } else { Merging::Conflict { files } })
}

/// The files of an index that are in conflict, sorted, at most [`FILES_MAX`]. One that a side renamed has its new
/// name, and may have its old one besides.
pub(super) fn files(index: &Index) -> Result<Vec<String>, GitError> {
    let fail = GitError::library("list conflicts");
    let mut files = Vec::new();
    for conflict in index.conflicts().map_err(&fail)? {
        let conflict = conflict.map_err(&fail)?;
        let old = conflict.ancestor.map(|side| side.path);
        let sides = [conflict.our, conflict.their].into_iter().flatten().map(|side| side.path);
        let (same, mut names): (Vec<_>, Vec<_>) = sides.partition(|path| Some(path) == old.as_ref());
        if names.is_empty() {
            names.extend(same.into_iter().chain(old).take(1));
        }
        files.extend(names.iter().map(|path| String::from_utf8_lossy(path).into_owned()));
    }
    files.sort();
    files.dedup();
    files.truncate(FILES_MAX);
    Ok(files)
}
