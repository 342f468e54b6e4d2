//! Deletes a branch of a remote: only from where it was judged, and only when the remote keeps its commits elsewhere.

use std::path::Path;

use git2::Oid;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::{ErrorClass, GitError};
use super::lock::blocking;
use super::send::{Move, NotPushed, Sending};
use super::settings::Git;
use super::vault::{Vault, commit_id};

/// Which branch is not needed any more.
#[derive(Debug, Clone, Copy)]
pub struct DeleteAsk<'a> {
    /// The remote.
    pub url: &'a RemoteUrl,
    /// The branch.
    pub branch: &'a BranchName,
    /// The numbers of its pull requests: a forge keeps their commits under names of its own, also those of a branch
    /// that was merged as one commit and so is in no other branch.
    pub pulls: &'a [u64],
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deleted {
    /// It is deleted.
    Deleted {
        /// Where it was.
        was: CommitId,
    },
    /// It was not there.
    Gone,
    /// It stays: nothing else on the remote has its commits.
    StillNeeded {
        /// Where it is.
        tip: CommitId,
    },
    /// It stays: it is the default branch.
    DefaultBranch,
    /// It stays: somebody moves it.
    Moved {
        /// Where it is now.
        found: CommitId,
    },
    /// It stays, for another reason.
    Failed(NotPushed),
}

impl Git {
    /// Deletes the branch if another branch, a tag, or one of its pull requests keeps its commits on the remote.
    ///
    /// # Errors
    /// For faults on this side; what the remote says is a [`Deleted`].
    pub async fn delete_branch(&self, ask: DeleteAsk<'_>) -> Result<Deleted, GitError> {
        match self.delete(ask).await {
            Err(error) => NotPushed::from_remote(error).map(Deleted::Failed),
            answer => answer,
        }
    }

    async fn delete(&self, ask: DeleteAsk<'_>) -> Result<Deleted, GitError> {
        let vault = self.refresh(ask.url).await?;
        let tips = self.tips(&vault, ask.url, ask.branch).await?;
        if tips.default.as_deref() == Some(ask.branch.as_str()) {
            return Ok(Deleted::DefaultBranch);
        }
        let Some(at) = Vault::open(&vault)?.remote_tip(ask.branch.as_str())? else {
            return Ok(Deleted::Gone);
        };
        let tip = commit_id(at)?;
        if !self.is_kept_elsewhere(&vault, ask, at).await? {
            return Ok(Deleted::StillNeeded { tip });
        }
        let one = Move { url: ask.url, full: &ask.branch.full(), from: Some(&tip), to: None };
        Ok(match self.send(&vault, one).await? {
            Sending::Moved => Deleted::Deleted { was: tip },
            Sending::UpToDate => Deleted::Gone,
            Sending::Lost(_) => match self.tips(&vault, ask.url, ask.branch).await?.branch {
                None => Deleted::Gone,
                Some(found) => Deleted::Moved { found },
            },
            Sending::Failed(failed) => Deleted::Failed(failed),
        })
    }

    /// Whether anything else on the remote has the commit. The cheapest is asked first.
    async fn is_kept_elsewhere(&self, vault: &Path, ask: DeleteAsk<'_>, tip: Oid) -> Result<bool, GitError> {
        let mut others = Vault::open(vault)?.branches()?;
        others.remove(&format!("refs/remotes/origin/{}", ask.branch));
        if is_behind(vault, tip, others.into_values().collect()).await? {
            return Ok(true);
        }
        for number in ask.pulls {
            let kept = format!("refs/remotes/pull/{number}");
            match self.fetch(ask.url, &format!("+refs/pull/{number}/head:{kept}")).await {
                Ok(_) => {}
                // no forge, or not one that keeps them so
                Err(error) if error.class() == ErrorClass::Missing => continue,
                Err(error) => return Err(error),
            }
            let kept = Vault::open(vault)?.tip(&kept)?;
            if is_behind(vault, tip, kept.into_iter().collect()).await? {
                return Ok(true);
            }
        }
        self.fetch(ask.url, "+refs/tags/*:refs/remotes/tag/*").await?;
        let tags = Vault::open(vault)?.commits_of("refs/remotes/tag/*")?;
        is_behind(vault, tip, tags).await
    }
}

async fn is_behind(vault: &Path, tip: Oid, others: Vec<Oid>) -> Result<bool, GitError> {
    let vault = vault.to_owned();
    blocking("look who has a commit", move || Vault::open(&vault)?.is_behind(tip, &others)).await
}
