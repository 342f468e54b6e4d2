//! What a revert consists of: which commits were merged, and the commit that takes them back. Works in the vault's
//! objects alone.

use std::path::PathBuf;

use git2::{Oid, Signature, Time};

use crate::domain::commit::CommitId;
use crate::domain::id::EffectId;
use crate::domain::time::Timestamp;

use super::conflicts::files;
use super::error::GitError;
use super::merged::before;
use super::revert::{RevertAsk, Reverted};
use super::vault::{Vault, commit_id};

/// A revert to be made.
#[derive(Clone)]
pub(super) struct Undo {
    vault: PathBuf,
    merged: CommitId,
    commits: u32,
    head: Option<CommitId>,
    base: String,
    branch: String,
    key: EffectId,
    title: String,
    at: Timestamp,
}

/// What came of it.
pub(super) enum Undone {
    /// The commit, which is to be pushed.
    Made(CommitId),
    /// There is nothing to push.
    Known(Reverted),
}

impl Undo {
    pub(super) fn new(vault: PathBuf, ask: RevertAsk<'_>) -> Self {
        let line = ask.title.lines().next().unwrap_or_default();
        Self {
            vault,
            merged: ask.merged.clone(),
            commits: ask.commits,
            head: ask.head.cloned(),
            base: ask.base.to_owned(),
            branch: ask.branch.to_string(),
            key: ask.key.clone(),
            title: line.chars().filter(|c| !c.is_control()).take(TITLE_MAX).collect(),
            at: ask.at,
        }
    }

    /// Makes the commit. A second try hands back what the first one made, as long as that is of use.
    pub(super) fn make(&self) -> Result<Undone, GitError> {
        let fail = GitError::library("revert in memory");
        let known = |answer| Ok(Undone::Known(answer));
        let vault = Vault::open(&self.vault)?;
        let Some(tip) = vault.remote_tip(&self.base)? else {
            return known(Reverted::Unclear { why: "the branch that it was merged into is gone" });
        };
        let Ok(merged) = vault.commit(&self.merged) else {
            return known(Reverted::Unclear { why: "no branch of the remote has the commit" });
        };
        let found = vault.remote_tip(&self.branch)?;
        if let Some(found) = found
            && self.is_on(&vault, found, tip)?
        {
            return known(Reverted::AlreadyThere { head: commit_id(found)? });
        }
        if !vault.is_behind(merged, &[tip])? {
            return known(Reverted::Unclear {
                why: "the commit is not on the branch that it was merged into",
            });
        }
        let head = self.head.as_ref().and_then(|head| vault.commit(head).ok());
        let before = match before(&vault, merged, self.commits, head)? {
            Ok(before) => before,
            Err(why) => return known(Reverted::Unclear { why }),
        };
        let tree = |oid| vault.repo.find_commit(oid).and_then(|commit| commit.tree()).map_err(&fail);
        let (now, with, without) = (tree(tip)?, tree(merged)?, tree(before)?);
        let mut index = vault.repo.merge_trees(&with, &now, &without, None).map_err(&fail)?;
        let files = files(&index)?;
        if !files.is_empty() {
            return known(Reverted::Conflict { files });
        }
        let tree = index.write_tree_to(&vault.repo).map_err(&fail)?;
        if tree == now.id() {
            return known(Reverted::Nothing);
        }
        if let Some(found) = found {
            return known(Reverted::Taken { found: commit_id(found)? });
        }
        if let Some(earlier) = vault.tip(&self.reference())? {
            return commit_id(earlier).map(Undone::Made);
        }
        let made = self.commit(&vault, tree, tip).map_err(&fail)?;
        vault.set(&self.reference(), made, "revert")?;
        commit_id(made).map(Undone::Made)
    }

    /// Whether the branch `found` has the same revert on top of the base, known by the effect that it names.
    fn is_on(&self, vault: &Vault, found: Oid, base: Oid) -> Result<bool, GitError> {
        let fail = GitError::library("walk the history");
        let mut walk = vault.repo.revwalk().map_err(&fail)?;
        walk.push(found).map_err(&fail)?;
        walk.hide(base).map_err(&fail)?;
        let sign = self.sign();
        for oid in walk.take(WALK_MAX) {
            let commit = vault.repo.find_commit(oid.map_err(&fail)?).map_err(&fail)?;
            if commit.message_bytes().split(|byte| *byte == b'\n').any(|line| line == sign.as_bytes()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn commit(&self, vault: &Vault, tree: Oid, tip: Oid) -> Result<Oid, git2::Error> {
        let when = Time::new(self.at.0.div_euclid(1000), 0);
        let who = Signature::new("sprintgate", "sprintgate@localhost", &when)?;
        let message = format!("{}\n\nThis reverts commit {}.\n\n{}\n", self.title, self.merged, self.sign());
        let (tree, tip) = (vault.repo.find_tree(tree)?, vault.repo.find_commit(tip)?);
        vault.repo.commit(None, &who, &who, &message, &tree, &[&tip])
    }

    /// The ref of the vault that keeps the commit.
    fn reference(&self) -> String {
        format!("refs/reverts/{}", self.key)
    }

    /// The line of the message by which another host knows the commit.
    fn sign(&self) -> String {
        format!("Sprintgate-Revert: {}", self.key)
    }
}

/// Characters of a title.
const TITLE_MAX: usize = 200;
/// Commits on a branch among which the revert is looked for.
const WALK_MAX: usize = 1000;
