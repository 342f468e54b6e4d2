//! How commits of a vault stand to each other.

use git2::{ErrorCode, Oid};

use super::open::Vault;
use crate::git::error::GitError;

impl Vault {
    /// Whether every commit behind `tip`, itself included, is behind one of `others`.
    pub(in crate::git) fn is_behind(&self, tip: Oid, others: &[Oid]) -> Result<bool, GitError> {
        let fail = GitError::library("walk the history");
        let mut walk = self.repo.revwalk().map_err(&fail)?;
        walk.push(tip).map_err(&fail)?;
        for other in others {
            walk.hide(*other).map_err(&fail)?;
        }
        walk.next().transpose().map(|first| first.is_none()).map_err(&fail)
    }

    /// The best commit that two histories share; none when they share nothing.
    pub(in crate::git) fn common(&self, one: Oid, other: Oid) -> Result<Option<Oid>, GitError> {
        match self.repo.merge_base(one, other) {
            Ok(base) => Ok(Some(base)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(GitError::library("compare two histories")(error)),
        }
    }
}
