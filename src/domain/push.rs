//! What comes of a push, as classes with stable codes, and what each does to its job.
//!
//! ```
//! use sprintgate::domain::job::Failure;
//! use sprintgate::domain::machine::Word;
//! use sprintgate::domain::push::{AfterPush, PushClass};
//!
//! // The network was away: the job goes on running, and the same report may succeed later.
//! assert_eq!(PushClass::Transient.after(), AfterPush::StaysRunning);
//! assert_eq!(PushClass::Transient.failure("could not resolve host"), None);
//!
//! // Somebody else moved the branch: the job fails, and its error says so.
//! let class: PushClass = "conflict".parse().unwrap();
//! assert_eq!(class.code(), "PUSH_CONFLICT");
//! let failed = Failure::Push("push failed (conflict): the branch was moved".to_owned());
//! assert_eq!(class.failure("the branch was moved"), Some(failed));
//! assert_eq!(PushClass::ALL.len(), 9);
//! ```

use super::job::Failure;
use super::machine::words;

/// Characters of the other side's words that are kept in a job's error.
pub const WHY_MAX: usize = 200;

words! {
    /// What came of a push.
    pub enum PushClass: "push class" {
        /// The commit is on the branch: moved there now, or found there as after a push whose answer was lost.
        Pushed = "pushed",
        /// The attempt made no commit.
        Nothing = "nothing",
        /// Network, lock or time limit: the same push may succeed later.
        Transient = "transient",
        /// The remote wants credentials or refuses those it was given.
        NoCredentials = "no-credentials",
        /// Somebody else moved the branch, or the commit lacks commits that are published.
        Conflict = "conflict",
        /// A hook, a protected branch or another rule of the remote.
        Rejected = "rejected",
        /// A file, or all of it, is larger than the remote takes.
        TooLarge = "too-large",
        /// The branch is the one that the remote calls its default, which belongs to people.
        DefaultBranch = "default-branch",
        /// Anything else.
        Unknown = "unknown",
    }
}

/// What a push does to the job whose report it is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AfterPush {
    /// The report goes on; whether the job is DONE is for the gate to say.
    GoesOn,
    /// The job stays RUNNING with its worker, which reports again.
    StaysRunning,
    /// The job is FAILED, and its worktree stays. That starts no cascade unless the product asks for it.
    Fails,
}

impl PushClass {
    /// The code that programs read. It never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pushed => "PUSHED",
            Self::Nothing => "PUSH_NOTHING",
            Self::Transient => "PUSH_TRANSIENT",
            Self::NoCredentials => "PUSH_NO_CREDENTIALS",
            Self::Conflict => "PUSH_CONFLICT",
            Self::Rejected => "PUSH_REJECTED",
            Self::TooLarge => "PUSH_TOO_LARGE",
            Self::DefaultBranch => "PUSH_DEFAULT_BRANCH",
            Self::Unknown => "PUSH_UNKNOWN",
        }
    }

    /// What it does to the job. Only what may pass leaves a job RUNNING whose branch is not published: every other
    /// failure would meet the next report of the same commit too.
    #[must_use]
    pub fn after(self) -> AfterPush {
        match self {
            Self::Pushed | Self::Nothing => AfterPush::GoesOn,
            Self::Transient => AfterPush::StaysRunning,
            Self::NoCredentials
            | Self::Conflict
            | Self::Rejected
            | Self::TooLarge
            | Self::DefaultBranch
            | Self::Unknown => AfterPush::Fails,
        }
    }

    /// The failure of the job, with the other side's words cut to [`WHY_MAX`] characters; none for what fails no job.
    /// The words must have no secrets in them any more.
    #[must_use]
    pub fn failure(self, why: &str) -> Option<Failure> {
        let why: String = why.chars().take(WHY_MAX).collect();
        (self.after() == AfterPush::Fails).then(|| Failure::Push(format!("push failed ({self}): {why}")))
    }
}
