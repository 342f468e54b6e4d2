//! What salvaged work consists of, for people: its commits that no branch of the remote has, and its files that were
//! in no commit.

use git2::{Commit, Delta, Oid, Sort};

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Timestamp;

use super::error::GitError;
use super::lock::blocking;
use super::settings::Git;
use super::vault::{Vault, commit_id};

/// What salvaged work consists of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// Commits, the newest first, at most 100.
    pub commits: Vec<KeptCommit>,
    /// Files that were in no commit, at most 1000.
    pub files: Vec<KeptFile>,
    /// There is more of either.
    pub is_more: bool,
}

/// A commit that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCommit {
    /// Which.
    pub commit: CommitId,
    /// The first line of its message.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: Timestamp,
}

/// A file that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Its path.
    pub path: String,
    /// `added`, `changed` or `deleted`.
    pub change: &'static str,
}

impl Git {
    /// What the commit that was salvaged consists of. The remote is not asked: its branches count as last fetched.
    ///
    /// # Errors
    /// [`GitError::NotInVault`] where this machine does not have it.
    pub async fn contents(&self, url: &RemoteUrl, commit: &CommitId) -> Result<Contents, GitError> {
        let missing = || GitError::NotInVault { commit: commit.to_string() };
        let vault = self.made_vault(url)?.ok_or_else(missing)?;
        let commit = commit.clone();
        blocking("look at salvaged work", move || {
            let vault = Vault::open(&vault)?;
            let kept = vault.commit(&commit)?;
            read(&vault, kept)
        })
        .await
    }
}

fn read(vault: &Vault, kept: Oid) -> Result<Contents, GitError> {
    let fail = GitError::library("look at salvaged work");
    let commit = |oid| vault.repo.find_commit(oid).map_err(&fail);
    let mut contents = Contents::default();
    let mut walk = vault.repo.revwalk().map_err(&fail)?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME).map_err(&fail)?;
    walk.push(kept).map_err(&fail)?;
    walk.hide_glob("refs/remotes/origin/*").map_err(&fail)?;
    for oid in walk {
        let commit = commit(oid.map_err(&fail)?)?;
        if is_ours(&commit) {
            continue;
        }
        if contents.commits.len() == COMMITS_MAX {
            contents.is_more = true;
            break;
        }
        contents.commits.push(described(&commit)?);
    }
    let kept = commit(kept)?;
    if is_ours(&kept) {
        let old = kept.parent(0).and_then(|parent| parent.tree()).ok();
        let new = kept.tree().map_err(&fail)?;
        let diff = vault.repo.diff_tree_to_tree(old.as_ref(), Some(&new), None).map_err(&fail)?;
        for delta in diff.deltas() {
            if contents.files.len() == FILES_MAX {
                contents.is_more = true;
                break;
            }
            let bytes = delta.new_file().path_bytes().or_else(|| delta.old_file().path_bytes());
            let path = String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
            let change = match delta.status() {
                Delta::Added => "added",
                Delta::Deleted => "deleted",
                _ => "changed",
            };
            contents.files.push(KeptFile { path, change });
        }
    }
    Ok(contents)
}

fn described(commit: &Commit<'_>) -> Result<KeptCommit, GitError> {
    let title = commit.message_bytes().split(|byte| *byte == b'\n').next().unwrap_or_default();
    Ok(KeptCommit {
        commit: commit_id(commit.id())?,
        title: String::from_utf8_lossy(title).into_owned(),
        author: String::from_utf8_lossy(commit.author().name_bytes()).into_owned(),
        at: Timestamp(commit.time().seconds().saturating_mul(1000)),
    })
}

/// Whether the server made it, to hold files or to tie commits together.
fn is_ours(commit: &Commit<'_>) -> bool {
    commit.author().email_bytes() == b"sprintgate@localhost"
        && commit.message_bytes().starts_with(b"salvage of ")
}

const COMMITS_MAX: usize = 100;
const FILES_MAX: usize = 1000;
