//! Jobs, their attempts, and what is noted of them beside their status.

use crate::domain::commit::CommitId;
use crate::domain::eligibility::Holder;
use crate::domain::gate::{Evidence, Policy};
use crate::domain::id::{IdeaId, JobId, ProductId, RunId, TaskId, UserId};
use crate::domain::job::{Kind, Row, Status};
use crate::domain::machine::words;
use crate::domain::time::Timestamp;
use crate::domain::{attempt, run};

/// A job to be added; it is QUEUED.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Which.
    pub id: JobId,
    /// Whose workers may take it.
    pub user: UserId,
    /// Its product.
    pub product: ProductId,
    /// Its task, for a kind that is about one.
    pub task: Option<TaskId>,
    /// Its idea, for a kind that is about one.
    pub idea: Option<IdeaId>,
    /// Its run.
    pub run: Option<RunId>,
    /// What kind of work.
    pub kind: Kind,
    /// Its place in the run.
    pub sequence: i64,
    /// The branch it works on; jobs of a run with the same repository and branch go one after the other.
    pub branch: Option<String>,
    /// The repository it works on, frozen.
    pub repo_url: Option<String>,
    /// It is the first of its branch, so that it can be claimed at once.
    pub ready: bool,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    /// What the machine knows.
    pub row: Row,
    /// Whose workers may take it.
    pub user: UserId,
    /// Its product.
    pub product: ProductId,
    /// Its task, of a kind that is about one.
    pub task: Option<TaskId>,
    /// Its idea, of a kind that is about one.
    pub idea: Option<IdeaId>,
    /// Its run.
    pub run: Option<RunId>,
    /// Its place in the run.
    pub sequence: i64,
    /// The branch it works on.
    pub branch: Option<String>,
    /// The repository it works on.
    pub repo_url: Option<String>,
    /// No earlier job of its branch is open, and its run hands out jobs.
    pub ready: bool,
    /// The reasoning of the last verdict.
    pub verify_reasoning: Option<String>,
    /// For a job that was cancelled while held: whether its worker stopped.
    pub stop: Option<StopOrder>,
    /// What the agent used.
    pub usage: Usage,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
}

words! {
    /// How a worker's stop after a cancellation was confirmed.
    pub enum Confirmation: "confirmation" {
        /// The worker said so.
        Confirmed = "confirmed",
        /// Its processes had to be killed.
        Forced = "forced",
        /// Nobody said anything before the grace time ended.
        Unconfirmed = "unconfirmed",
    }
}

/// The order to stop that a cancelled attempt carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopOrder {
    /// When it was given.
    pub at: Timestamp,
    /// When and how it was confirmed.
    pub confirmed: Option<(Timestamp, Confirmation)>,
}

/// What an agent used in an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// The model.
    pub model_id: Option<String>,
    /// Tokens read.
    pub input_tokens: Option<i64>,
    /// Tokens written.
    pub output_tokens: Option<i64>,
    /// Tokens read from a cache.
    pub cache_read_tokens: Option<i64>,
    /// Tokens written to a cache.
    pub cache_write_tokens: Option<i64>,
}

/// An attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// What the machine knows.
    pub row: attempt::Row,
    /// Where its work started.
    pub base: Option<CommitId>,
    /// The tip of the branch on the remote when its worktree was made.
    pub published: Option<CommitId>,
    /// Its last verdict.
    pub evidence: Option<Evidence>,
    /// The outcome that was reported and stored (`done`, `failed`, `skipped`), for a report that is repeated.
    pub reported: Option<String>,
}

/// What the guards of a claim read beside the job, and what its attempt is to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimFacts {
    /// Where its run is, if it belongs to one.
    pub run: Option<run::Status>,
    /// The user owns the job's product or is a member of it.
    pub product_seen: bool,
    /// The open job that stands before it on its branch.
    pub ahead: Option<JobId>,
    /// The job that is held on its branch, of whatever run and user.
    pub branch_held_by: Option<Holder>,
    /// Its task's plan.
    pub plan: Option<String>,
    /// Its task's policy.
    pub policy: Option<Policy>,
    /// The commits of its product's attempts name job, attempt and plan.
    pub trailers: bool,
}

/// An attempt that set out to send a commit to its branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Its job.
    pub job: JobId,
    /// Its number.
    pub attempt: u32,
    /// Where it is.
    pub status: attempt::Status,
    /// The tip of the branch on the remote when its worktree was made.
    pub start: Option<CommitId>,
}

/// A verdict to be noted.
#[derive(Debug, Clone)]
pub struct Verification {
    /// The verdict and the commit it judged.
    pub evidence: Evidence,
    /// Why, in words.
    pub reasoning: String,
}

/// Which jobs to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of this run.
    pub run: Option<RunId>,
    /// In this status.
    pub status: Option<Status>,
    /// At most so many; 0 means 100.
    pub limit: u32,
}

/// Open jobs of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remaining {
    /// The product.
    pub product: ProductId,
    /// QUEUED, CLAIMED and RUNNING jobs.
    pub open: i64,
    /// QUEUED jobs that can be claimed now.
    pub claimable: i64,
}
