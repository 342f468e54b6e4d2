//! Why a use case did not happen: a stable code, the fact that is missing, whether a retry helps, and what is
//! legal next. No text here tells an agent how to weaken a gate.

use serde_json::{Value, json};

use super::worktrees::TreesError;
use crate::domain::effect;
use crate::domain::gate::Shut;
use crate::domain::job::{Refusal, Status};
use crate::domain::machine::Word;
use crate::domain::preflight::Blocker;
use crate::domain::push::PushClass;
use crate::domain::shift::Forbidden;
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

/// Whether doing the same again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// No: something has to change first.
    No,
    /// Yes, a moment later.
    Later,
    /// Yes, after what `legal_next` names.
    AfterFix,
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

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated { .. } => "UNAUTHENTICATED",
            Self::Demo => "FORBIDDEN_DEMO",
            Self::Forbidden { .. } => "PERMISSION_DENIED",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Archived { .. } => "ARCHIVED",
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::LeaseLost { .. } | Self::Refused(Refusal::LeaseLost { .. }) => "LEASE_LOST",
            Self::Cancelled { .. } => "JOB_CANCELLED",
            Self::Ended { .. } => "ALREADY_TERMINAL",
            Self::Shut(shut) => match shut {
                Shut::NotVerified => "NOT_VERIFIED",
                Shut::Stale { .. } => "VERIFY_STALE",
                Shut::Dirty { .. } => "WORKTREE_DIRTY",
                Shut::Empty => "GATE_EMPTY",
                Shut::NotAligned { .. } => "GATE_NOT_ALIGNED",
                Shut::Unexplained { .. } => "GATE_SUMMARY_MISSING",
                Shut::NoReason => "WAIVER_REASON_MISSING",
                Shut::NotExempt { .. } => "GATE_NOT_EXEMPT",
                Shut::NotAnswered { .. } => "GATE_NOT_ANSWERED",
            },
            Self::Refused(refusal) => match refusal {
                Refusal::NotSkippable { .. } => "NOT_SKIPPABLE",
                Refusal::NoReason { .. } => "REASON_MISSING",
                Refusal::NotYet { .. } => "NOT_YET",
                Refusal::LeaseRuns { .. } => "LEASE_RUNS",
                _ => "ILLEGAL_TRANSITION",
            },
            Self::Transition(_) => "ILLEGAL_TRANSITION",
            Self::Effect(effect::Refusal::NotAPerson { .. }) => "PERMISSION_DENIED",
            Self::Effect(effect::Refusal::NoReason { .. }) => "REASON_MISSING",
            Self::Effect(_) => "ILLEGAL_TRANSITION",
            Self::LaneWentOn { .. } => "LANE_WENT_ON",
            Self::KeptElsewhere { .. } => "KEPT_ELSEWHERE",
            Self::NoBase { .. } => "MISSING_BASE_SHA",
            Self::NoClone { .. } => "NO_REPO_ROOT",
            Self::Unready { .. } => "PREPARE_FAILED",
            Self::ForeignWorktree { .. } => "WORKTREE_MISMATCH",
            Self::Git(_) => "GIT_FAILED",
            Self::PushAgain { .. } => "PUSH_RETRY",
            Self::Blocked { .. } => "RUN_BLOCKED",
            Self::TaskHeld { .. } => "TASK_HELD",
            Self::Gone => "REQUEST_CANCELLED",
            Self::RequestMismatch { .. } => "IDEMPOTENCY_MISMATCH",
            Self::Trees(error) => error.code(),
            Self::File { .. } => "IO",
            Self::Store(error) => match error {
                StoreError::Busy(_) => "BUSY",
                StoreError::Away(_) => "DATABASE_UNAVAILABLE",
                StoreError::Unknown(_) => "OUTCOME_UNKNOWN",
                StoreError::Lost { .. } => "CHANGED_MEANWHILE",
                StoreError::Refused { .. } => "DATABASE_REFUSED",
                StoreError::Duplicate { .. } => "DUPLICATE",
                StoreError::Newer { .. } => "SCHEMA_NEWER",
                _ => "DATABASE_FAILED",
            },
        }
    }

    /// Whether doing the same again can help.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Shut(_) | Self::Blocked { .. } | Self::Invalid { .. } | Self::ForeignWorktree { .. } => {
                Retry::AfterFix
            }
            Self::PushAgain { .. } | Self::Gone | Self::Trees(TreesError::Locked { .. }) => Retry::Later,
            Self::Store(StoreError::Unknown(_)) => Retry::AfterFix,
            Self::Store(error) if error.is_retryable() => Retry::Later,
            Self::Git(error) if error.class() == crate::git::ErrorClass::Transient => Retry::Later,
            _ => Retry::No,
        }
    }

    /// What the caller may do next, as tool names or words.
    #[must_use]
    pub fn legal_next(&self) -> Vec<&'static str> {
        match self {
            Self::LeaseLost { .. }
            | Self::Refused(Refusal::LeaseLost { .. })
            | Self::Cancelled { .. }
            | Self::Ended { .. }
            | Self::Archived { what: "job", .. } => vec!["wait_for_job"],
            Self::Shut(Shut::NotVerified | Shut::Stale { .. }) => {
                vec!["verify_task_against_plan", "update_job_status:failed", "update_job_status:skipped"]
            }
            Self::Shut(Shut::Dirty { .. }) => {
                vec!["commit", "verify_task_against_plan", "update_job_status:failed"]
            }
            Self::Shut(Shut::Unexplained { .. }) => {
                vec!["update_job_status:done+summary", "commit", "update_job_status:failed"]
            }
            Self::Shut(_) => vec![
                "commit",
                "verify_task_against_plan",
                "update_job_status:failed",
                "update_job_status:skipped",
            ],
            Self::Store(StoreError::Unknown(_)) => vec!["health", "look", "repeat"],
            Self::PushAgain { .. } => {
                vec!["update_job_status:done", "job_heartbeat", "update_job_status:failed"]
            }
            _ => Vec::new(),
        }
    }

    /// The facts that were read, as a JSON object.
    #[must_use]
    pub fn facts(&self) -> Value {
        match self {
            Self::LeaseLost { job, yours, current, status } => {
                json!({ "job_id": job, "your_attempt": yours, "current_attempt": current, "status": status.word() })
            }
            Self::Cancelled { job, cause, reason } => {
                json!({ "job_id": job, "cause": cause, "reason": reason })
            }
            Self::Ended { job, status } => json!({ "job_id": job, "status": status.word() }),
            Self::Archived { id, archive, at, .. } => json!({ "id": id, "archive": archive, "at": at }),
            Self::Blocked { blockers } => json!({ "blockers": blockers }),
            Self::Invalid { field, .. } => json!({ "field": field }),
            Self::Shut(Shut::Stale { verified, head }) => {
                json!({ "verified_sha": verified, "head_sha": head })
            }
            Self::Shut(Shut::Dirty { count }) => json!({ "uncommitted_paths": count }),
            Self::Shut(Shut::NotAligned { result } | Shut::Unexplained { result, .. }) => {
                json!({ "verify_result": result.word() })
            }
            Self::Transition(forbidden) => json!({ "from": forbidden.from, "legal": forbidden.legal }),
            Self::TaskHeld { task, job } => json!({ "task_id": task, "job_id": job }),
            Self::PushAgain { .. } => json!({ "push_code": PushClass::Transient.code() }),
            Self::KeptElsewhere { job, attempt, host } => {
                json!({ "job_id": job, "attempt": attempt, "host": host })
            }
            Self::Trees(error) => error.facts(),
            Self::ForeignWorktree { expected } => json!({ "worktree_path": expected }),
            _ => json!({}),
        }
    }

    /// The whole answer as one JSON object: `code`, `message`, `facts`, `retry`, `legal_next`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "code": self.code(),
            "message": self.to_string(),
            "facts": self.facts(),
            "retry": self.retry(),
            "legal_next": self.legal_next(),
        })
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
