//! Moves the branch that people see, by one compare-and-swap push out of the vault.

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::place::Place;
use super::program::Git;

/// What is needed to publish an attempt's commit.
#[derive(Debug, Clone)]
pub struct PublishAsk<'a> {
    /// The remote.
    pub url: &'a RemoteUrl,
    /// The attempt.
    pub place: &'a Place,
    /// The branch to move.
    pub branch: &'a BranchName,
    /// Where to; the commit must be in the vault.
    pub head: &'a CommitId,
    /// Where the attempt started.
    pub base: &'a CommitId,
    /// The tip of the branch on the remote when the attempt started; none: the branch was not there.
    pub expected: Option<&'a CommitId>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Published {
    /// The branch was moved.
    Pushed {
        /// Where it is now.
        head: CommitId,
        /// Where it was.
        was: Option<CommitId>,
    },
    /// The attempt made no commit.
    Nothing,
    /// The branch is already there, as after a push whose answer was lost.
    AlreadyThere,
    /// Network, lock or time limit: the same call may succeed later.
    Transient {
        /// What was said, without secrets.
        why: String,
    },
    /// The remote wants credentials or refuses ours.
    NoCredentials {
        /// What was said, without secrets.
        why: String,
    },
    /// Somebody else moved the branch.
    Conflict {
        /// Where it is; none: it is gone.
        found: Option<CommitId>,
        /// What was said, without secrets.
        why: String,
    },
    /// A hook, a protected branch or another rule of the remote.
    Rejected {
        /// What was said, without secrets.
        why: String,
    },
    /// Anything else.
    Unknown {
        /// What was said, without secrets.
        why: String,
    },
}

impl Git {
    /// Publishes the commit of an attempt.
    ///
    /// # Errors
    /// Only for faults on this side, such as [`GitError::NotInVault`]; what the remote says is a [`Published`].
    pub async fn publish(&self, ask: PublishAsk<'_>) -> Result<Published, GitError> {
        let _ = ask;
        Err(GitError::Lost { what: "publish" })
    }
}
