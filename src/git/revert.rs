//! Reverts a merge: one commit, made in memory in the vault and pushed to a branch of its own. There is no worktree
//! and no local branch, so that nothing is left over for the next one.

use std::path::Path;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::id::EffectId;
use crate::domain::push::PushClass;
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Timestamp;

use super::error::{ErrorClass, GitError};
use super::lock::blocking;
use super::send::{Move, NotPushed, Sending};
use super::settings::Git;
use super::undo::{Undo, Undone};
use super::vault::Vault;

/// What is needed to revert what was merged.
#[derive(Debug, Clone, Copy)]
pub struct RevertAsk<'a> {
    /// The remote.
    pub url: &'a RemoteUrl,
    /// The commit by which it was merged, the last one where there were several.
    pub merged: &'a CommitId,
    /// How many commits the pull request had.
    pub commits: u32,
    /// Where its branch stood when it was merged. Only this tells several commits that were merged as one from
    /// several that were put on top one by one.
    pub head: Option<&'a CommitId>,
    /// The number of its pull request, under which a forge still has its commits.
    pub pull: Option<u64>,
    /// The branch that it was merged into.
    pub base: &'a str,
    /// The branch for the revert, which belongs to this effect alone.
    pub branch: &'a BranchName,
    /// The effect: a second try of it finds what the first one made.
    pub key: &'a EffectId,
    /// The first line of the message.
    pub title: &'a str,
    /// When the effect was decided, so that a second try makes the same commit.
    pub at: Timestamp,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reverted {
    /// The branch is there with the revert.
    Pushed {
        /// Where it is.
        head: CommitId,
    },
    /// It was there already, as after a push whose answer was lost. Somebody may have gone on from it.
    AlreadyThere {
        /// Where it is.
        head: CommitId,
    },
    /// The base has nothing of it any more.
    Nothing,
    /// What came after it changed the same.
    Conflict {
        /// The files, sorted.
        files: Vec<String>,
    },
    /// The branch is somebody else's.
    Taken {
        /// Where it is.
        found: CommitId,
    },
    /// What was merged cannot be told for sure, so that a person has to do it.
    Unclear {
        /// Why.
        why: &'static str,
    },
    /// It was not pushed, for another reason.
    Failed(NotPushed),
}

impl Git {
    /// Pushes a commit that takes back what was merged, on top of the base as it is now, to a branch of its own.
    ///
    /// How many parents the commit has decides what is taken back: of two, all that came from the second, if that is the
    /// pull request's last commit; of one, its own change, or those of all commits of the pull request where they were put
    /// on top one by one.
    ///
    /// # Errors
    /// For faults on this side; what the remote says is a [`Reverted`].
    pub async fn revert(&self, ask: RevertAsk<'_>) -> Result<Reverted, GitError> {
        match self.revert_at_remote(ask).await {
            Err(error) => NotPushed::from_remote(error).map(Reverted::Failed),
            answer => answer,
        }
    }

    async fn revert_at_remote(&self, ask: RevertAsk<'_>) -> Result<Reverted, GitError> {
        let vault = self.refresh(ask.url).await?;
        self.bring_head(&vault, ask).await?;
        let undo = Undo::new(vault.clone(), ask);
        let again = undo.clone();
        let commit = match blocking("revert in memory", move || undo.make()).await? {
            Undone::Made(commit) => commit,
            Undone::Known(answer) => return Ok(answer),
        };
        let one = Move { url: ask.url, full: &ask.branch.full(), from: None, to: Some(&commit) };
        let why = match self.send(&vault, one).await? {
            Sending::Moved => return Ok(Reverted::Pushed { head: commit }),
            Sending::UpToDate => return Ok(Reverted::AlreadyThere { head: commit }),
            Sending::Failed(failed) => return Ok(Reverted::Failed(failed)),
            Sending::Lost(why) => why,
        };
        // a twin of this call may have been first
        self.refresh(ask.url).await?;
        Ok(match blocking("look who was first", move || again.make()).await? {
            Undone::Known(answer) => answer,
            Undone::Made(_) => Reverted::Failed(NotPushed::new(PushClass::Transient, why)),
        })
    }

    /// Brings what was merged into the vault, where its branch is deleted and another host took it.
    async fn bring_head(&self, vault: &Path, ask: RevertAsk<'_>) -> Result<(), GitError> {
        let (Some(head), Some(number)) = (ask.head, ask.pull) else { return Ok(()) };
        let (path, head) = (vault.to_owned(), head.clone());
        let has = blocking("look for a commit", move || Ok(Vault::open(&path)?.commit(&head).is_ok()));
        if has.await? {
            return Ok(());
        }
        match self.fetch(ask.url, &format!("+refs/pull/{number}/head:refs/remotes/pull/{number}")).await {
            // no forge, or not one that keeps them so
            Err(error) if error.class() == ErrorClass::Missing => Ok(()),
            answer => answer.map(drop),
        }
    }
}
