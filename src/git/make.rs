//! Makes the worktree of an attempt.

use std::path::{Path, PathBuf};

use git2::Oid;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::command::GitCommand;
use super::error::GitError;
use super::fill::fill;
use super::lock::blocking;
use super::place::Place;
use super::repository::INITIALIZING;
use super::salvage::Salvaged;
use super::settings::Git;
use super::site::{Ready, Site};
use super::vault::commit_id;

/// What is needed to make a worktree.
#[derive(Debug, Clone)]
pub struct WorktreeAsk<'a> {
    /// The person's clone that lends its objects.
    pub clone: &'a Path,
    /// Where the repository is published.
    pub url: &'a RemoteUrl,
    /// For which attempt.
    pub place: Place,
    /// The branch to work on.
    pub branch: &'a BranchName,
}

/// A worktree that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worktree {
    /// The folder.
    pub path: PathBuf,
    /// The branch it is on.
    pub branch: BranchName,
    /// The commit it started from.
    pub base: CommitId,
    /// Tip of the branch on the remote when the worktree was made; none: the branch is not there yet.
    pub published: Option<CommitId>,
    /// An earlier call for the same attempt had already made it, and it was untouched.
    pub reused: bool,
    /// What was kept of attempts whose worktrees were cleared away for it.
    pub salvaged: Vec<(Place, Salvaged)>,
}

impl Git {
    /// Makes the worktree of an attempt: on `branch`, from its published tip, else from the tip of the
    /// remote's default branch. The caller guarantees that earlier attempts on that branch have ended;
    /// what they left is salvaged and cleared.
    ///
    /// # Errors
    /// [`GitError::BranchOccupied`] when a folder that is not ours has the branch,
    /// [`GitError::DefaultBranch`] and [`GitError::NoDefaultBranch`]; others of every class. Nothing
    /// half-made stays behind.
    pub async fn make_worktree(&self, ask: WorktreeAsk<'_>) -> Result<Worktree, GitError> {
        let (vault, lock) = self.vault(ask.url).await?;
        drop(lock);
        let (tips, _) = tokio::try_join!(self.tips(&vault, ask.url, ask.branch), self.refresh(ask.url))?;
        let none = || GitError::NoDefaultBranch { url: ask.url.to_string() };
        let default = tips.default.ok_or_else(none)?;
        if default == ask.branch.as_str() {
            return Err(GitError::DefaultBranch { branch: default });
        }
        let lock = self.lock(ask.clone).await?;
        let site = Site {
            git: self.clone(),
            vault,
            default,
            url: ask.url.clone(),
            clone: ask.clone.into(),
            place: ask.place,
            branch: ask.branch.clone(),
            _lock: lock,
        };
        let (site, ready) =
            blocking("prepare a worktree", move || site.prepare().map(|ready| (site, ready))).await?;
        if ready.reused {
            return site.worktree(&ready);
        }
        match self.add(&site, &ready).await {
            Ok(()) => blocking("fill a worktree", move || site.finish(&ready)).await,
            Err(error) => {
                blocking("clear a worktree", move || {
                    site.undo(&ready);
                    Ok(())
                })
                .await?;
                Err(error)
            }
        }
    }

    /// Files are not written by git: it would run the filters that the clone's config names. Until
    /// they are written the worktree is locked in the way git itself marks unfinished ones.
    async fn add(&self, site: &Site, ready: &Ready) -> Result<(), GitError> {
        let start = ready.start.to_string();
        let call = GitCommand::new("worktree", &ready.common)
            .args(["add", "--quiet", "--no-checkout", "--lock", "--reason", INITIALIZING, "-B"])
            .args([site.branch.as_str(), "--"])
            .args([ready.path.clone().into_os_string(), start.into()]);
        self.must(call).await.map(drop)
    }
}

impl Site {
    fn finish(&self, ready: &Ready) -> Result<Worktree, GitError> {
        let made = fill(&self.clone, &ready.path, ready.start).and_then(|()| self.worktree(ready));
        if made.is_err() {
            self.undo(ready);
        }
        made
    }

    fn worktree(&self, ready: &Ready) -> Result<Worktree, GitError> {
        Ok(Worktree {
            path: ready.path.clone(),
            branch: self.branch.clone(),
            base: commit_id(ready.start)?,
            published: ready.published.map(|oid: Oid| commit_id(oid)).transpose()?,
            reused: ready.reused,
            salvaged: ready.salvaged.clone(),
        })
    }
}
