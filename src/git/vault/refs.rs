//! The refs of a vault.

use std::collections::{BTreeMap, HashSet};

use git2::{ErrorCode, Oid};

use super::open::Vault;
use crate::git::error::GitError;
use crate::git::stale::despite_locks;

/// The branches of the remote, and nothing that an attempt could have named.
const REMOTE: &str = "refs/remotes/origin/*";
const BRANCHES: &str = "refs/remotes/origin/";

impl Vault {
    /// The commit under a ref; none without the ref.
    pub(in crate::git) fn tip(&self, name: &str) -> Result<Option<Oid>, GitError> {
        match self.repo.refname_to_id(name) {
            Ok(oid) => Ok(Some(oid)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(GitError::library("read a ref")(error)),
        }
    }

    /// The tip that a branch has on the remote, as last fetched.
    pub(in crate::git) fn remote_tip(&self, branch: &str) -> Result<Option<Oid>, GitError> {
        self.tip(&format!("refs/remotes/origin/{branch}"))
    }

    /// The branches of the remote by their full names.
    pub(in crate::git) fn branches(&self) -> Result<BTreeMap<String, Oid>, GitError> {
        self.below(BRANCHES)
    }

    /// The refs below a folder, which ends with a slash, by their full names.
    pub(in crate::git) fn below(&self, folder: &str) -> Result<BTreeMap<String, Oid>, GitError> {
        let fail = GitError::library("list refs");
        let mut all = BTreeMap::new();
        for found in self.repo.references_glob(&format!("{folder}*")).map_err(&fail)? {
            let found = found.map_err(&fail)?;
            if let (Ok(name), Some(tip)) = (found.name(), found.target()) {
                all.insert(name.to_owned(), tip);
            }
        }
        Ok(all)
    }

    /// The commits that the refs of a glob name, or that the tags there do.
    pub(in crate::git) fn commits_of(&self, glob: &str) -> Result<Vec<Oid>, GitError> {
        let fail = GitError::library("list refs");
        let mut all = Vec::new();
        for found in self.repo.references_glob(glob).map_err(&fail)? {
            all.extend(found.map_err(&fail)?.peel_to_commit().ok().map(|commit| commit.id()));
        }
        Ok(all)
    }

    /// Points a ref at a commit.
    pub(in crate::git) fn set(&self, name: &str, to: Oid, why: &str) -> Result<(), GitError> {
        despite_locks(&self.path, name, || {
            self.repo.reference(name, to, true, why).map(drop).map_err(GitError::library("write a ref"))
        })
    }

    /// Deletes a ref.
    pub(in crate::git) fn delete(&self, name: &str) -> Result<(), GitError> {
        let fail = GitError::library("delete a ref");
        despite_locks(&self.path, name, || {
            self.repo.find_reference(name).and_then(|mut found| found.delete()).map_err(&fail)
        })
    }

    /// Whether every commit behind `tip` is behind a branch of the remote or one of `others` too.
    pub(in crate::git) fn is_kept(&self, tip: Oid, others: &[Oid]) -> Result<bool, GitError> {
        Ok(self.unkept(&[tip], others)?.is_empty())
    }

    /// Of the commits behind `tips`, those that neither a branch of the remote nor one of `others` keeps, and that
    /// have no child among them.
    pub(in crate::git) fn unkept(&self, tips: &[Oid], others: &[Oid]) -> Result<Vec<Oid>, GitError> {
        let fail = GitError::library("walk the history");
        let (mut found, mut parents) = (self.beyond(tips, others)?, HashSet::new());
        for oid in &found {
            parents.extend(self.repo.find_commit(*oid).map_err(&fail)?.parent_ids());
        }
        found.retain(|oid| !parents.contains(oid));
        Ok(found)
    }

    /// All commits behind `tips` that neither a branch of the remote nor one of `others` keeps.
    pub(in crate::git) fn beyond(&self, tips: &[Oid], others: &[Oid]) -> Result<Vec<Oid>, GitError> {
        let fail = GitError::library("walk the history");
        let mut walk = self.repo.revwalk().map_err(&fail)?;
        for tip in tips {
            walk.push(*tip).map_err(&fail)?;
        }
        walk.hide_glob(REMOTE).map_err(&fail)?;
        for other in others {
            walk.hide(*other).map_err(&fail)?;
        }
        walk.collect::<Result<Vec<_>, _>>().map_err(&fail)
    }
}
