//! Moves the branch that people see, by one compare-and-swap push out of the vault.

use std::path::{Path, PathBuf};

use crate::domain::branch::{BranchName, Lease, Sent};
use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::classify::classify;
use super::command::{GitCommand, Reach};
use super::error::{ErrorClass, GitError};
use super::lease::judge;
use super::lock::blocking;
use super::place::Place;
use super::push_report::{Verdict, verdict};
use super::redact::redact;
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
    /// Somebody else moved the branch, or `head` lacks commits that are published.
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
            return Ok(Published::Rejected { why: "it is the default branch, which jobs never push".into() });
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
                Ok(false) => return Ok(Published::Transient { why: "the branch is being moved".into() }),
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
        let full = ask.branch.full();
        let lease = was.as_ref().map_or_else(String::new, ToString::to_string);
        let call = GitCommand::new("push", vault)
            .reach(Reach::Remote(ask.url))
            .args(["--porcelain", "--no-verify", "--recurse-submodules=no", "--no-follow-tags"])
            .args([format!("--force-with-lease={full}:{lease}")])
            .args(["--", ask.url.as_str(), &format!("{}:{full}", ask.head)]);
        let output = match self.run(call).await {
            Ok(output) => output,
            Err(error) => return from_remote(error),
        };
        let told = |summary: &str| told(summary, &output.stderr);
        Ok(match verdict(&output.stdout, &output.stderr, &full) {
            Some(Verdict::Moved) if output.success => {
                self.published(ask)?;
                Published::Pushed { head: ask.head.clone(), was }
            }
            Some(Verdict::UpToDate) if output.success => {
                self.published(ask)?;
                Published::AlreadyThere
            }
            Some(Verdict::Lost(summary)) => self.lost(vault.to_owned(), ask, told(&summary)).await?,
            Some(Verdict::Refused(summary)) => Published::Rejected { why: told(&summary) },
            Some(Verdict::Locked(summary)) => Published::Transient { why: told(&summary) },
            Some(Verdict::Moved | Verdict::UpToDate) | None => of_class(classify(&output.stderr), told("")),
        })
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
            Lease::Granted | Lease::Replaces => Published::Transient { why },
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

/// A failed command that talked to the remote is an outcome; a fault on this side stays an error.
fn from_remote(error: GitError) -> Result<Published, GitError> {
    match error {
        GitError::Failed { class, ref text, .. } => Ok(of_class(class, told(text, ""))),
        GitError::TimedOut { .. } => Ok(Published::Transient { why: error.to_string() }),
        GitError::TooMuchOutput { .. } | GitError::Answer { .. } => {
            Ok(Published::Unknown { why: error.to_string() })
        }
        error => Err(error),
    }
}

fn of_class(class: ErrorClass, why: String) -> Published {
    match class {
        ErrorClass::Transient | ErrorClass::Busy => Published::Transient { why },
        ErrorClass::Credentials => Published::NoCredentials { why },
        ErrorClass::Rejected => Published::Rejected { why },
        ErrorClass::Conflict | ErrorClass::Missing | ErrorClass::Unknown => Published::Unknown { why },
    }
}

/// The summary and the end of what the remote wrote, at most 1000 characters of it.
fn told(summary: &str, stderr: &str) -> String {
    let text = redact(stderr.trim());
    let skip = text.chars().count().saturating_sub(1000);
    let text: String = text.chars().skip(skip).collect();
    redact(summary).trim().to_owned() + if summary.is_empty() || text.is_empty() { "" } else { ": " } + &text
}
