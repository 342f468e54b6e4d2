//! What is read of many rows at once, no more of each than is needed.

use crate::domain::attempt;
use crate::domain::id::{JobId, PbiId, RunId, StoryId, TokenId, UserId};
use crate::domain::job::{Kind, Status};
use crate::domain::{run, task};

/// The task of a job, and what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskOfJob {
    /// The job.
    pub job: JobId,
    /// The task.
    pub row: task::Row,
    /// Its story.
    pub story: StoryId,
    /// The backlog item of that.
    pub pbi: PbiId,
}

/// Jobs of one run that go one after the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunBranch {
    /// The run.
    pub run: RunId,
    /// Their repository.
    pub repo_url: String,
    /// Their branch.
    pub branch: String,
}

/// A job with its current attempt, as a renewal of its lease has to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRecord {
    /// The job.
    pub job: JobId,
    /// Whose workers may take it.
    pub user: UserId,
    /// What kind of work.
    pub kind: Kind,
    /// Where it is.
    pub status: Status,
    /// The number of its current or last attempt.
    pub attempt: u32,
    /// Where that attempt is.
    pub attempt_status: attempt::Status,
    /// The token that claimed.
    pub token: TokenId,
    /// The status of its run, and why that pauses.
    pub run: Option<(run::Status, Option<run::Pause>)>,
}
