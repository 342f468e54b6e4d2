//! Moves one ref of a remote by one compare-and-swap push out of the vault, and says what came of it.

use std::path::Path;

use crate::domain::commit::CommitId;
use crate::domain::push::PushClass;
use crate::domain::push_rule::PushRule;
use crate::domain::remote::RemoteUrl;

use super::classify::classify;
use super::command::{GitCommand, Reach};
use super::error::{ErrorClass, GitError};
use super::push_report::{Verdict, verdict};
use super::push_rules::{Refusal, refusal};
use super::redact::redact;
use super::settings::Git;

/// A ref of a remote, where it must be, and where it is to go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move<'a> {
    /// The remote.
    pub url: &'a RemoteUrl,
    /// The ref, by its full name.
    pub full: &'a str,
    /// Where it must be; none: it must not be there.
    pub from: Option<&'a CommitId>,
    /// Where to; none: it is deleted.
    pub to: Option<&'a CommitId>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sending {
    /// It was moved.
    Moved,
    /// It was there already.
    UpToDate,
    /// Somebody else moved it; what was said.
    Lost(String),
    /// It stayed.
    Failed(NotPushed),
}

/// Why a push came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPushed {
    /// Of what sort it is: never `Pushed`, `Nothing` or `Conflict`.
    pub class: PushClass,
    /// The rule that forbids it, where the class is `Rejected`.
    pub rule: Option<PushRule>,
    /// What was said, without secrets.
    pub why: String,
}

impl NotPushed {
    pub(super) fn new(class: PushClass, why: impl Into<String>) -> Self {
        Self { class, rule: None, why: why.into() }
    }

    /// A failed command that talked to the remote is an outcome; a fault on this side stays an error.
    pub(super) fn from_remote(error: GitError) -> Result<Self, GitError> {
        match error {
            GitError::Failed { class, ref text, .. } => Ok(Self::of_class(class, text, told(text, ""))),
            GitError::TimedOut { .. } => Ok(Self::new(PushClass::Transient, error.to_string())),
            GitError::TooMuchOutput { .. } | GitError::Answer { .. } => {
                Ok(Self::new(PushClass::Unknown, error.to_string()))
            }
            error => Err(error),
        }
    }

    fn of_class(class: ErrorClass, stderr: &str, why: String) -> Self {
        match class {
            ErrorClass::Transient | ErrorClass::Busy => Self::new(PushClass::Transient, why),
            ErrorClass::Credentials => Self::new(PushClass::NoCredentials, why),
            ErrorClass::Rejected => Self::refused(refusal("", stderr), why),
            ErrorClass::Conflict | ErrorClass::Missing | ErrorClass::Unknown => {
                Self::new(PushClass::Unknown, why)
            }
        }
    }

    fn refused(refusal: Refusal, why: String) -> Self {
        match refusal {
            Refusal::TooLarge => Self::new(PushClass::TooLarge, why),
            Refusal::Unable => Self::new(PushClass::Transient, why),
            Refusal::By(rule) => Self { rule: Some(rule), ..Self::new(PushClass::Rejected, why) },
        }
    }
}

impl Git {
    /// Moves the ref from where it must be, and only if nobody moves it meanwhile.
    ///
    /// # Errors
    /// For faults on this side; what the remote says is a [`Sending`].
    pub(super) async fn send(&self, vault: &Path, one: Move<'_>) -> Result<Sending, GitError> {
        let Move { url, full, from, to } = one;
        let text = |commit: Option<&CommitId>| commit.map_or_else(String::new, ToString::to_string);
        let call = GitCommand::new("push", vault)
            .reach(Reach::Remote(url))
            .args(["--porcelain", "--no-verify", "--recurse-submodules=no", "--no-follow-tags"])
            .args([format!("--force-with-lease={full}:{}", text(from))])
            .args(["--", url.as_str(), &format!("{}:{full}", text(to))]);
        let output = match self.run(call).await {
            Ok(output) => output,
            Err(error) => return NotPushed::from_remote(error).map(Sending::Failed),
        };
        let told = |summary: &str| told(summary, &output.stderr);
        Ok(match verdict(&output.stdout, &output.stderr, full) {
            Some(Verdict::Moved) if output.success => Sending::Moved,
            Some(Verdict::UpToDate) if output.success => Sending::UpToDate,
            Some(Verdict::Lost(summary)) => Sending::Lost(told(&summary)),
            Some(Verdict::Refused(summary)) => {
                let refusal = refusal(&summary, &output.stderr);
                Sending::Failed(NotPushed::refused(refusal, told(&summary)))
            }
            Some(Verdict::Locked(summary)) => {
                Sending::Failed(NotPushed::new(PushClass::Transient, told(&summary)))
            }
            Some(Verdict::Moved | Verdict::UpToDate) | None => {
                let class = classify(&output.stderr);
                Sending::Failed(NotPushed::of_class(class, &output.stderr, told("")))
            }
        })
    }
}

/// The summary and the end of what the remote wrote, at most 1000 characters of it.
fn told(summary: &str, stderr: &str) -> String {
    let text = redact(stderr.trim());
    let skip = text.chars().count().saturating_sub(1000);
    let text: String = text.chars().skip(skip).collect();
    redact(summary).trim().to_owned() + if summary.is_empty() || text.is_empty() { "" } else { ": " } + &text
}
