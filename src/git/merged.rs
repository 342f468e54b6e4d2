//! How a pull request came onto its base, read from the commits: by a merge, as one commit, or commit by commit.

use git2::{Commit, DiffOptions, Oid};

use super::error::GitError;
use super::vault::Vault;

/// The commit whose tree is as it was before the pull request, or why that cannot be told.
type Before = Result<Oid, &'static str>;

/// What was before `merged`, by which `commits` commits came in, the last of them `head`.
pub(super) fn before(
    vault: &Vault,
    merged: Oid,
    commits: u32,
    head: Option<Oid>,
) -> Result<Before, GitError> {
    let commit = vault.repo.find_commit(merged).map_err(GitError::library("read a commit"))?;
    let parents: Vec<Oid> = commit.parent_ids().collect();
    match *parents.as_slice() {
        [] => Ok(Err("the commit has no parent")),
        // Of another second parent, more came with it than the pull request (as one that others were stacked on), or
        // what it merged was not the pull request's (a branch whose last commit is a merge, put on the base as it was).
        [first, second] if head == Some(second) => Ok(Ok(first)),
        [_, _] => Ok(Err("what the commit merges does not end with the pull request's last commit")),
        [parent] if commits <= 1 => Ok(Ok(parent)),
        [parent] => match head {
            Some(head) => several(vault, &commit, parent, commits, head),
            None => Ok(Err("nobody knows whether its commits were merged as one")),
        },
        _ => Ok(Err("the commit merges more than two")),
    }
}

/// The same for several commits without a merge: all in one, or one by one.
fn several(
    vault: &Vault,
    merged: &Commit<'_>,
    parent: Oid,
    commits: u32,
    head: Oid,
) -> Result<Before, GitError> {
    let first = back(merged, commits);
    if merged.id() == head {
        return Ok(first.ok_or("its commits are not in a row"));
    }
    if is_all(vault, parent, merged.id(), head)? {
        return Ok(Ok(parent));
    }
    match first {
        Some(first) if is_all(vault, first, merged.id(), head)? => Ok(Ok(first)),
        _ => Ok(Err("what was merged is neither all of its commits in one nor one by one")),
    }
}

/// Whether from `from` to `to` the same was changed as on the way to `head` from where it left `from`.
fn is_all(vault: &Vault, from: Oid, to: Oid, head: Oid) -> Result<bool, GitError> {
    let Some(base) = vault.common(from, head)? else { return Ok(false) };
    Ok(patch(vault, from, to)? == patch(vault, base, head)?)
}

/// A name for what was changed, the same wherever in the files it stands.
fn patch(vault: &Vault, from: Oid, to: Oid) -> Result<Oid, GitError> {
    let fail = GitError::library("compare two commits");
    let tree = |oid| vault.repo.find_commit(oid).and_then(|commit| commit.tree()).map_err(&fail);
    let (from, to) = (tree(from)?, tree(to)?);
    let mut options = DiffOptions::new();
    options.context_lines(0).interhunk_lines(0);
    let diff = vault.repo.diff_tree_to_tree(Some(&from), Some(&to), Some(&mut options)).map_err(&fail)?;
    diff.patchid(None).map_err(&fail)
}

/// The commit so many before this one, where none of them is a merge.
fn back(commit: &Commit<'_>, number: u32) -> Option<Oid> {
    let mut at = commit.clone();
    for _ in 0..number {
        if at.parent_count() != 1 {
            return None;
        }
        at = at.parent(0).ok()?;
    }
    Some(at.id())
}
