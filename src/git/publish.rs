//! Moves the branch that people see, by one compare-and-swap push out of the vault.

use std::path::{Path, PathBuf};

use crate::domain::branch::{BranchName, Lease, Sent};
use crate::domain::commit::CommitId;
use crate::domain::push::PushClass;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::lease::judge;
use super::lock::blocking;
use super::place::Place;
use super::send::{Move, NotPushed, Sending};
use super::settings::Git;

/// What is needed to publish an attempt's commit.
#[derive(Debug, Clone, Copy)]
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
    /// Who sent the commit that the branch was found at, and what these began from; empty while nobody has asked.
    pub sent: &'a [Sent],
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
    /// Somebody else moved the branch, or `head` lacks commits that are published.
    Conflict {
        /// Where it is; none: it is gone.
        found: Option<CommitId>,
        /// What was said, without secrets.
        why: String,
    },
    /// The branch was not moved for another reason.
    Failed(NotPushed),
}

impl Published {
    /// Of what class it is.
    #[must_use]
    pub fn class(&self) -> PushClass {
        match self {
            Self::Pushed { .. } | Self::AlreadyThere => PushClass::Pushed,
            Self::Nothing => PushClass::Nothing,
            Self::Conflict { .. } => PushClass::Conflict,
            Self::Failed(failed) => failed.class,
        }
    }

    fn again(why: impl Into<String>) -> Self {
        Self::Failed(NotPushed::new(PushClass::Transient, why))
    }
}

impl Git {
    /// Publishes the commit of an attempt: moves the branch to `head` from where the [`lease`] says that it may be
    /// moved from, and only if nobody moves it meanwhile. A commit that is replaced is kept in the vault first.
    ///
    /// [`lease`]: crate::domain::branch::lease
    ///
    /// # Errors
    /// Only for faults on this side, such as [`GitError::NotInVault`]; what the remote says is a [`Published`].
    pub async fn publish(&self, ask: PublishAsk<'_>) -> Result<Published, GitError> {
        if ask.head == ask.base {
            return Ok(Published::Nothing);
        }
        let (vault, lock) = self.vault(ask.url).await?;
        drop(lock);
        let tips = match self.tips(&vault, ask.url, ask.branch).await {
            Ok(tips) => tips,
            Err(error) => return from_remote(error),
        };
        if tips.default.as_deref() == Some(ask.branch.as_str()) {
            let why = "it is the default branch, which jobs never push";
            return Ok(Published::Failed(NotPushed::new(PushClass::DefaultBranch, why)));
        }
        if tips.branch.as_ref() == Some(ask.head) {
            self.published(&ask)?;
            return Ok(Published::AlreadyThere);
        }
        match (self.judge(&vault, &ask, tips.branch.clone()).await?, &tips.branch) {
            (Lease::Refused(why), _) => {
                return Ok(Published::Conflict { found: tips.branch, why: why.to_string() });
            }
            (Lease::Replaces, Some(tip)) => match self.keep_tip(&vault, &ask, tip).await {
                Ok(true) => {}
                Ok(false) => return Ok(Published::again("the branch is being moved")),
                Err(error) => return from_remote(error),
            },
            _ => {}
        }
        self.push(&vault, &ask, tips.branch).await
    }

    async fn judge(
        &self,
        vault: &Path,
        ask: &PublishAsk<'_>,
        found: Option<CommitId>,
    ) -> Result<Lease, GitError> {
        let (path, head, sent) = (vault.to_owned(), ask.head.clone(), ask.sent.to_vec());
        let expected = ask.expected.cloned();
        let work = move || judge(&path, &head, expected.as_ref(), found.as_ref(), &sent);
        blocking("judge a push", work).await
    }

    async fn push(
        &self,
        vault: &Path,
        ask: &PublishAsk<'_>,
        was: Option<CommitId>,
    ) -> Result<Published, GitError> {
        let one = Move { url: ask.url, full: &ask.branch.full(), from: was.as_ref(), to: Some(ask.head) };
        Ok(match self.send(vault, one).await? {
            Sending::Moved => {
                self.published(ask)?;
                Published::Pushed { head: ask.head.clone(), was }
            }
            Sending::UpToDate => {
                self.published(ask)?;
                Published::AlreadyThere
            }
            Sending::Lost(why) => self.lost(vault.to_owned(), ask, why).await?,
            Sending::Failed(failed) => self.failed(vault, ask, failed).await?,
        })
    }

    /// What became of a push that failed. One that was cut off, or whose end nobody understood, may have moved the
    /// branch before.
    async fn failed(
        &self,
        vault: &Path,
        ask: &PublishAsk<'_>,
        failed: NotPushed,
    ) -> Result<Published, GitError> {
        let is_clear = !matches!(failed.class, PushClass::Transient | PushClass::Unknown);
        let is_there = match is_clear {
            true => false,
            // a remote that does not answer is what the push met
            false => self
                .tips(vault, ask.url, ask.branch)
                .await
                .is_ok_and(|tips| tips.branch.as_ref() == Some(ask.head)),
        };
        if is_there {
            self.published(ask)?;
            return Ok(Published::AlreadyThere);
        }
        Ok(Published::Failed(failed))
    }

    /// Says where the branch is now. It may be where we wanted it, pushed by our own lost twin, or where it is ours to
    /// move by the next try.
    async fn lost(&self, vault: PathBuf, ask: &PublishAsk<'_>, why: String) -> Result<Published, GitError> {
        let found = match self.tips(&vault, ask.url, ask.branch).await {
            Ok(tips) => tips.branch,
            Err(error) => return from_remote(error),
        };
        if found.as_ref() == Some(ask.head) {
            self.published(ask)?;
            return Ok(Published::AlreadyThere);
        }
        Ok(match self.judge(&vault, ask, found.clone()).await? {
            Lease::Granted | Lease::Replaces => Published::again(why),
            Lease::Refused(_) => Published::Conflict { found, why },
        })
    }

    /// Remembers that the commit is safe at the remote, so that clearing the place salvages nothing.
    fn published(&self, ask: &PublishAsk<'_>) -> Result<(), GitError> {
        let mut record = self.recall(ask.place)?;
        record.published = Some(ask.head.clone());
        self.remember(ask.place, &record)
    }
}

fn from_remote(error: GitError) -> Result<Published, GitError> {
    NotPushed::from_remote(error).map(Published::Failed)
}
