//! The steps of a cascade, as data.

use serde::Serialize;

use super::sibling::Sibling;
use crate::domain::branch::BranchName;
use crate::domain::id::JobId;
use crate::domain::job::Status;
use crate::domain::remote::RemoteUrl;

/// Why a sibling is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// It belongs to the same backlog item.
    SameBacklogItem,
    /// It belongs to the same sprint run, which fails.
    SameRun,
}

impl Because {
    /// The reason for a job that is tied; the backlog item is the stronger one.
    pub(super) fn of(sibling: &Sibling) -> Option<Self> {
        match sibling.tie {
            tie if tie.item => Some(Self::SameBacklogItem),
            tie if tie.run => Some(Self::SameRun),
            _ => None,
        }
    }
}

/// Names a step for good: a step whose key was carried out is not carried out again, whoever plans it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Key(pub(super) String);

impl Key {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Step {
    /// Cancel a job, if it still is where it was.
    Cancel {
        /// The job.
        job: JobId,
        /// Where it was when the plan was made.
        from: Status,
        /// Why.
        because: Because,
    },
    /// Have the worker of an attempt stop, and wait until it has.
    Stop {
        /// The job.
        job: JobId,
        /// The attempt.
        attempt: u32,
    },
    /// Ask the forge where a pull request is, and plan again with the answer.
    LookAtPullRequest {
        /// Its address.
        url: String,
    },
    /// Close a pull request. One that was merged meanwhile stays as it is, and the plan is made again.
    ClosePullRequest {
        /// Its address.
        url: String,
        /// What is said there.
        comment: String,
    },
    /// Open a pull request that reverts a merged one; a person reviews and merges it.
    RevertPullRequest {
        /// The address of the merged one.
        url: String,
    },
    /// Delete a branch from its remote.
    DeleteBranch {
        /// The repository.
        repo: RemoteUrl,
        /// The branch.
        branch: BranchName,
    },
    /// Keep what the worktree of an attempt holds under `refs/salvage`, and then remove the worktree.
    RemoveWorktree {
        /// The job.
        job: JobId,
        /// The attempt.
        attempt: u32,
    },
}

/// What must hold at the moment of a step; otherwise the step is passed over, and that is no failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Nothing but what the step says.
    Always,
    /// The pull request is still open.
    StillOpen,
    /// The branch's tip can be reached from another branch, a tag or a pull request of the remote, and the deletion names
    /// that tip, so that a commit which arrives meanwhile refuses it.
    TipIsKeptElsewhere,
}

/// A step with its name and what comes before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// Its name.
    pub key: Key,
    /// What to do.
    #[serde(flatten)]
    pub step: Step,
    /// What must hold then.
    pub only_if: Condition,
    /// The steps of this plan that must have been carried out, or passed over, before.
    pub after: Vec<Key>,
}
