//! Why a use case did not happen, with the fact that is missing. No text here tells an agent how to weaken a gate.

use super::worktrees::TreesError;
use crate::domain::effect;
use crate::domain::gate::Shut;
use crate::domain::job::{Refusal, Status};
use crate::domain::preflight::Blocker;
use crate::domain::shift::Forbidden;
use crate::flow::publish::PrRefusal;
use crate::git::GitError;
use crate::reading::Unfit;
use crate::store::StoreError;

/// Why a use case did not happen. Nothing was changed unless the variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The token is missing, unknown, revoked or expired.
    #[error("the access token is {why}")]
    Unauthenticated {
        /// `missing`, `unknown`, `revoked` or `expired`.
        why: &'static str,
    },
    /// A demo account tried to write.
    #[error("demo accounts only read")]
    Demo,
    /// The token may not do this.
    #[error("this token may not {what}")]
    Forbidden {
        /// What was tried.
        what: &'static str,
    },
    /// There is no such thing, or the caller may not see it.
    #[error("there is no {what} `{id}` that you can see")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// The id that was given, cut to 80 characters.
        id: String,
    },
    /// It ended long ago, and left the database for an archive.
    #[error("{what} `{id}` has left for `{archive}`, an archive of {at}; the database keeps its seals only")]
    Archived {
        /// What was looked for.
        what: &'static str,
        /// Its id.
        id: String,
        /// The name of the archive's folder.
        archive: String,
        /// When the archive was recorded.
        at: String,
    },
    /// An argument does not fit.
    #[error("`{field}`: {why}")]
    Invalid {
        /// The argument.
        field: String,
        /// What is wrong with it.
        why: String,
    },
    /// The caller's attempt does not hold the job any more.
    #[error("attempt {yours} does not hold job {job}: it is {status} at attempt {current}")]
    LeaseLost {
        /// The job.
        job: String,
        /// The attempt that the caller spoke for.
        yours: u32,
        /// The job's last attempt.
        current: u32,
        /// Where the job is.
        status: Status,
    },
    /// The job was cancelled while the caller's attempt held it.
    #[error("job {job} was cancelled ({cause}): {reason}")]
    Cancelled {
        /// The job.
        job: String,
        /// Why, as a word.
        cause: String,
        /// Why, in words.
        reason: String,
    },
    /// The job ended before.
    #[error("job {job} has already ended: {status}")]
    Ended {
        /// The job.
        job: String,
        /// How it ended.
        status: Status,
    },
    /// The gate stays shut.
    #[error("{0}")]
    Shut(Shut),
    /// A move was refused.
    #[error("{0}")]
    Refused(Refusal),
    /// A status change that its machine does not have.
    #[error("{0}")]
    Transition(#[from] Forbidden),
    /// A move of an effect was refused.
    #[error("{0}")]
    Effect(#[from] effect::Refusal),
    /// Something about pull requests.
    #[error("{0}")]
    Pr(#[from] PrRefusal),
    /// What comes after a dismissed effect in its lane was tried already.
    #[error(
        "effect {effect} was dismissed and its lane went on without it; it cannot be done before the others any more"
    )]
    LaneWentOn {
        /// The effect.
        effect: String,
    },
    /// What was kept of an attempt is in another machine's vault.
    #[error("what was kept of attempt {attempt} of job {job} is on {host}; do it there")]
    KeptElsewhere {
        /// The job.
        job: String,
        /// The attempt of it.
        attempt: u32,
        /// The machine.
        host: String,
    },
    /// The attempt has no commit to start the comparison from.
    #[error("attempt {attempt} of job {job} has no base commit")]
    NoBase {
        /// The job.
        job: String,
        /// The attempt.
        attempt: u32,
    },
    /// No folder is configured for the repository.
    #[error("no clone of `{repo}` is configured on this machine ({looked})")]
    NoClone {
        /// The repository.
        repo: String,
        /// Where it was looked for.
        looked: String,
    },
    /// What the operator wants done in each new worktree of the repository failed.
    #[error("a worktree of `{repo}` could not be made ready: {why}")]
    Unready {
        /// The repository.
        repo: String,
        /// What happened, and the end of what was written.
        why: String,
    },
    /// Files have content where the pointers of Git LFS belong.
    #[error(
        "{count} file(s) that .gitattributes gives to Git LFS have their content in the commit, and not a pointer: put back \
         what was there, or commit pointers to what is uploaded already"
    )]
    LfsContent {
        /// The first of them.
        paths: Vec<String>,
        /// How many they are.
        count: usize,
    },
    /// The path that was given is not the attempt's worktree.
    #[error("the attempt's worktree is `{expected}`")]
    ForeignWorktree {
        /// Where the attempt works.
        expected: String,
    },
    /// Git failed.
    #[error("git: {0}")]
    Git(#[from] GitError),
    /// The push failed for a reason that may pass. The job stays RUNNING.
    #[error("the branch could not be pushed now: {why}")]
    PushAgain {
        /// What git said.
        why: String,
    },
    /// A sprint run cannot start.
    #[error("the sprint run cannot start: {} blocker(s)", .blockers.len())]
    Blocked {
        /// What stands in the way, all of it.
        blockers: Vec<Blocker>,
    },
    /// The task is in the hands of a job, whose end decides what becomes of it.
    #[error("job {job} works on task {task}, and its end decides")]
    TaskHeld {
        /// The task.
        task: String,
        /// The job.
        job: String,
    },
    /// The caller went away before the answer; what it had claimed was given back.
    #[error("the caller went away; nothing is claimed")]
    Gone,
    /// The same request id came with other arguments.
    #[error("request `{request}` was made before with other arguments")]
    RequestMismatch {
        /// The request id.
        request: String,
    },
    /// An attempt does not get its products' worktrees.
    #[error(transparent)]
    Trees(#[from] TreesError),
    /// A file or folder failed.
    #[error("could not {what}: {source}")]
    File {
        /// What was tried.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl FlowError {
    /// An argument does not fit.
    pub fn invalid(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), why: why.into() }
    }

    /// There is no such thing, or the caller may not see it.
    #[must_use]
    pub fn not_found(what: &'static str, id: &str) -> Self {
        Self::NotFound { what, id: id.chars().filter(|c| !c.is_control()).take(80).collect() }
    }
}

impl From<Unfit> for FlowError {
    fn from(unfit: Unfit) -> Self {
        Self::Invalid { field: unfit.field, why: unfit.why }
    }
}

impl From<Refusal> for FlowError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Shut> for FlowError {
    fn from(shut: Shut) -> Self {
        Self::Shut(shut)
    }
}
