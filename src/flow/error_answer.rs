//! What a use case that did not happen tells programs: a stable code, whether a retry helps, what is legal next, and the
//! facts that were read.

use serde_json::{Value, json};

use super::error::FlowError;
use super::publish::PrRefusal;
use super::retry::Retry;
use super::worktrees::TreesError;
use crate::domain::effect;
use crate::domain::gate::Shut;
use crate::domain::job::Refusal;
use crate::domain::machine::Word;
use crate::domain::push::PushClass;
use crate::git::ErrorClass;
use crate::store::StoreError;

impl FlowError {
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
            Self::Pr(refusal) => refusal.code(),
            Self::LaneWentOn { .. } => "LANE_WENT_ON",
            Self::KeptElsewhere { .. } => "KEPT_ELSEWHERE",
            Self::NoBase { .. } => "MISSING_BASE_SHA",
            Self::NoClone { .. } => "NO_REPO_ROOT",
            Self::Unready { .. } => "PREPARE_FAILED",
            Self::LfsContent { .. } => "LFS_CONTENT",
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
            Self::Shut(_)
            | Self::Blocked { .. }
            | Self::Invalid { .. }
            | Self::ForeignWorktree { .. }
            | Self::LfsContent { .. }
            | Self::Pr(PrRefusal::BadUrl { .. } | PrRefusal::NoPr { .. }) => Retry::AfterFix,
            Self::PushAgain { .. } | Self::Gone | Self::Trees(TreesError::Locked { .. }) => Retry::Later,
            Self::Store(StoreError::Unknown(_)) => Retry::AfterFix,
            Self::Store(error) if error.is_retryable() => Retry::Later,
            Self::Git(error) if error.class() == ErrorClass::Transient => Retry::Later,
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
            Self::LfsContent { .. } => vec!["commit", "verify_task_against_plan", "update_job_status:failed"],
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
            Self::Pr(refusal) => refusal.legal_next(),
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
            Self::LfsContent { paths, count } => json!({ "paths": paths, "count": count }),
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
            Self::Pr(refusal) => refusal.facts(),
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
