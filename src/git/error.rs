//! What can go wrong with repositories, and of what sort it is. Texts here carry no secrets.

use std::io;
use std::path::PathBuf;

use super::redact::redact;

/// Of what sort a failure is: what a caller needs to decide on a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Network, overload, a command that took too long: the same call may succeed later.
    Transient,
    /// The remote wants credentials that we do not have, or refuses the ones we have.
    Credentials,
    /// Somebody else moved what we wanted to move.
    Conflict,
    /// The remote refuses by rule: a hook, a protected branch.
    Rejected,
    /// A repository, a branch, a commit or a folder is not there.
    Missing,
    /// Another process holds a lock or a branch.
    Busy,
    /// None of these.
    Unknown,
}

/// A failure of the git layer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The file system refused.
    #[error("could not {what} {}", path.display())]
    Io {
        /// What was tried, as a verb.
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The git program could not be started.
    #[error("could not start git {what}")]
    Spawn {
        /// The subcommand.
        what: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The git program ran longer than it may and was killed with all its children.
    #[error("git {what} took longer than {seconds} s and was killed")]
    TimedOut {
        /// The subcommand.
        what: &'static str,
        /// The limit.
        seconds: u64,
    },
    /// The git program wrote more than any sound answer has.
    #[error("git {what} wrote more than {limit} bytes")]
    TooMuchOutput {
        /// The subcommand.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// The git program failed.
    #[error("git {what} failed: {text}")]
    Failed {
        /// The subcommand.
        what: &'static str,
        /// Of what sort, read from its text.
        class: ErrorClass,
        /// The end of what it wrote, without secrets.
        text: String,
    },
    /// The git program answered something that is not understood.
    #[error("git {what} answered in an unknown form: {text}")]
    Answer {
        /// The subcommand.
        what: &'static str,
        /// The beginning of the line, without secrets.
        text: String,
    },
    /// The library failed.
    #[error("could not {what}: {text}")]
    Library {
        /// What was tried, as a verb.
        what: &'static str,
        /// Of what sort.
        class: ErrorClass,
        /// What it said, without secrets.
        text: String,
    },
    /// A root folder cannot be used.
    #[error("{} cannot be a root folder: {why}", path.display())]
    BadRoot {
        /// The folder.
        path: PathBuf,
        /// Why.
        why: &'static str,
    },
    /// The attempt has no worktree.
    #[error("there is no worktree at {}", path.display())]
    NoWorktree {
        /// Where it should be.
        path: PathBuf,
    },
    /// The worktree is no repository of its own any more; nothing in it is believed.
    #[error("the worktree at {} is not as it was made: {why}", path.display())]
    TamperedWorktree {
        /// Where it is.
        path: PathBuf,
        /// What differs.
        why: &'static str,
    },
    /// A pipe or a device stands where git looks for a file, and would be waited at for ever.
    #[error("{} is neither a file nor a folder", path.display())]
    Pipe {
        /// Where it is.
        path: PathBuf,
    },
    /// The branch is the default branch of the remote, which belongs to people.
    #[error("branch {branch} is the default branch of the remote")]
    DefaultBranch {
        /// The branch.
        branch: String,
    },
    /// The remote has no default branch with a commit.
    #[error("the remote {url} has no default branch with a commit")]
    NoDefaultBranch {
        /// The remote, without secrets.
        url: String,
    },
    /// Neither the attempt's worktree nor the vault has the commit.
    #[error("there is no commit {commit}")]
    NoCommit {
        /// The commit.
        commit: String,
    },
    /// An attempt has more in its worktree than is ever taken.
    #[error("the objects of the worktree are too large at {}", path.display())]
    TooLarge {
        /// The file where it was too much.
        path: PathBuf,
    },
    /// Folders of a worktree are too deep in each other to be looked through or kept. They stay as they are.
    #[error(
        "folders are too deep in each other at {}: what is needed of them has to be moved elsewhere, and the rest \
        removed, by whoever made them",
        short(path)
    )]
    TooDeep {
        /// Where they begin to be too deep.
        path: PathBuf,
    },
    /// A change has rules of more bytes than anybody writes.
    #[error("the folders of the files that are changed have too many rules in .gitattributes")]
    TooManyRules,
    /// Comparing a path with rules came to no end.
    #[error(
        "the rules of {} were compared with {} for {seconds} s to no end: they need fewer stars",
        cut(rules),
        cut(path)
    )]
    SlowRules {
        /// The files of the rules, as the commit names them.
        rules: String,
        /// The path.
        path: String,
        /// The limit.
        seconds: u64,
    },
    /// The vault does not have a commit that it needs.
    #[error("commit {commit} is not in the vault")]
    NotInVault {
        /// The commit.
        commit: String,
    },
    /// The folder of a vault belongs to another remote.
    #[error("the vault {} belongs to another remote", path.display())]
    VaultTaken {
        /// The vault.
        path: PathBuf,
    },
    /// The folder of a vault has work in it, and nothing says of which remote.
    #[error("the vault {} has no file `remote` with its address, and is not made anew for what it keeps", path.display())]
    Unmarked {
        /// The vault.
        path: PathBuf,
    },
    /// Reading what somebody wrote came to no end, now or in an earlier call that still reads.
    #[error("could not {what} at {}: reading it did not end within {seconds} s", path.display())]
    Endless {
        /// What was tried, as a verb.
        what: &'static str,
        /// The folder.
        path: PathBuf,
        /// The limit.
        seconds: u64,
    },
    /// A folder that a person named cannot be filled.
    #[error("{} cannot be filled: {why}", path.display())]
    BadTarget {
        /// The folder, as it was named.
        path: PathBuf,
        /// Why.
        why: &'static str,
    },
    /// Another process held the lock for too long.
    #[error("{} is held by another process", path.display())]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// A worker thread ended without an answer.
    #[error("the thread that was to {what} ended without an answer")]
    Lost {
        /// What it did, as a verb.
        what: &'static str,
    },
}

impl GitError {
    /// Of what sort it is.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Failed { class, .. } | Self::Library { class, .. } => *class,
            Self::TimedOut { .. } | Self::Endless { .. } => ErrorClass::Transient,
            Self::Io { source, .. } | Self::Spawn { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => ErrorClass::Missing,
                io::ErrorKind::ResourceBusy | io::ErrorKind::WouldBlock => ErrorClass::Busy,
                _ => ErrorClass::Unknown,
            },
            Self::NoWorktree { .. } => ErrorClass::Missing,
            Self::NoDefaultBranch { .. } | Self::NotInVault { .. } | Self::NoCommit { .. } => {
                ErrorClass::Missing
            }
            Self::Busy { .. } => ErrorClass::Busy,
            Self::DefaultBranch { .. }
            | Self::TooLarge { .. }
            | Self::TooDeep { .. }
            | Self::TooManyRules
            | Self::SlowRules { .. } => ErrorClass::Rejected,
            Self::TooMuchOutput { .. }
            | Self::Answer { .. }
            | Self::BadRoot { .. }
            | Self::BadTarget { .. }
            | Self::TamperedWorktree { .. }
            | Self::Pipe { .. }
            | Self::VaultTaken { .. }
            | Self::Unmarked { .. }
            | Self::Lost { .. } => ErrorClass::Unknown,
        }
    }

    pub(super) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }

    pub(super) fn library(what: &'static str) -> impl Fn(git2::Error) -> Self {
        move |error| Self::Library { what, class: class_of(&error), text: redact(error.message()) }
    }
}

fn class_of(error: &git2::Error) -> ErrorClass {
    match error.code() {
        git2::ErrorCode::Locked => ErrorClass::Busy,
        git2::ErrorCode::NotFound | git2::ErrorCode::UnbornBranch => ErrorClass::Missing,
        git2::ErrorCode::Modified => ErrorClass::Conflict,
        _ => ErrorClass::Unknown,
    }
}

/// The beginning of a path that may be very long.
fn short(path: &std::path::Path) -> String {
    cut(&path.display().to_string())
}

/// The beginning of a text that may be very long.
fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}
