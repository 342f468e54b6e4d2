//! Finds out, in the vault, what the rule for moving a branch asks: what is behind an attempt's commit.

use std::path::Path;

use git2::Oid;

use crate::domain::branch::{Lease, Sent, lease};
use crate::domain::commit::CommitId;

use super::error::GitError;
use super::vault::Vault;

/// Whether the branch may be moved from `found` to `head`, which is in the vault at `path`.
pub(super) fn judge(
    path: &Path,
    head: &CommitId,
    expected: Option<&CommitId>,
    found: Option<&CommitId>,
    sent: &[Sent],
) -> Result<Lease, GitError> {
    let vault = Vault::open(path)?;
    let head = vault.commit(head)?;
    let mut behind = Vec::new();
    for commit in expected.into_iter().chain(sent.iter().filter_map(|one| one.start.as_ref())) {
        if is_behind(&vault, head, commit)? {
            behind.push(commit);
        }
    }
    Ok(lease(found, expected, sent, |commit| behind.contains(&commit)))
}

/// Whether the history of `head` has the commit. The vault has all of that history, so what it lacks is not in it.
fn is_behind(vault: &Vault, head: Oid, commit: &CommitId) -> Result<bool, GitError> {
    match vault.commit(commit) {
        Ok(commit) if commit == head => Ok(true),
        Ok(commit) => {
            vault.repo.graph_descendant_of(head, commit).map_err(GitError::library("compare two histories"))
        }
        Err(_) => Ok(false),
    }
}
