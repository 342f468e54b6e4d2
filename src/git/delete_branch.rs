//! Deletes a branch of a remote: only from where it was judged, and only when the remote keeps its commits elsewhere.

use std::path::Path;

use git2::Oid;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::push::PushClass;
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
    /// Deletes the branch if another branch, a tag, or one of its pull requests keeps its commits on the remote. What
    /// only another branch keeps is kept in the vault first, where salvaged work is looked for: two branches at one
    /// commit may be deleted at the same moment, each because of the other.
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
        match self.kept_elsewhere(&vault, ask, at, tips.default.as_deref()).await? {
            Kept::Nowhere => return Ok(Deleted::StillNeeded { tip }),
            // It may be deleted at this moment, because ours has the same commits.
            Kept::ByABranch if !self.keep_tip(&vault, ask.url, ask.branch, &tip).await? => {
                return Ok(Deleted::Failed(NotPushed::new(
                    PushClass::Transient,
                    "the branch is being moved",
                )));
            }
            Kept::ByABranch | Kept::ForGood => {}
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

    /// What else on the remote has the commit. The cheapest is asked first.
    async fn kept_elsewhere(
        &self,
        vault: &Path,
        ask: DeleteAsk<'_>,
        tip: Oid,
        default: Option<&str>,
    ) -> Result<Kept, GitError> {
        let mut others = Vault::open(vault)?.branches()?;
        others.remove(&format!("refs/remotes/origin/{}", ask.branch));
        let default = default.and_then(|name| others.get(&format!("refs/remotes/origin/{name}")).copied());
        if is_behind(vault, tip, default.into_iter().collect()).await? {
            return Ok(Kept::ForGood);
        }
        if is_behind(vault, tip, others.into_values().collect()).await? {
            return Ok(Kept::ByABranch);
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
                return Ok(Kept::ForGood);
            }
        }
        self.fetch(ask.url, "+refs/tags/*:refs/remotes/tag/*").await?;
        let tags = Vault::open(vault)?.commits_of("refs/remotes/tag/*")?;
        Ok(if is_behind(vault, tip, tags).await? { Kept::ForGood } else { Kept::Nowhere })
    }
}

/// Where the commits of a branch are besides.
enum Kept {
    /// In what is never deleted here: the default branch, a tag, a pull request.
    ForGood,
    /// In a branch that may go as this one does.
    ByABranch,
    /// On the remote nowhere.
    Nowhere,
}

async fn is_behind(vault: &Path, tip: Oid, others: Vec<Oid>) -> Result<bool, GitError> {
    let vault = vault.to_owned();
    blocking("look who has a commit", move || Vault::open(&vault)?.is_behind(tip, &others)).await
}
