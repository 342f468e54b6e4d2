//! The publication of branches.

use crate::domain::backlog::story;
use crate::domain::id::{JobId, ProductId, RunId, StoryId};
use crate::domain::job::{self, EndCause};
use crate::domain::pull_request::{PullRequest, Row, Unpublished};
use crate::domain::run;
use crate::domain::time::Timestamp;

/// A publication to be added.
#[derive(Debug, Clone)]
pub struct NewPullRequest {
    /// The publication as its machine knows it.
    pub pull_request: PullRequest<Unpublished>,
    /// The product, whose people see it.
    pub product: ProductId,
    /// The run that publishes.
    pub run: Option<RunId>,
    /// The story that is published, where the branch is that of a story.
    pub story: Option<StoryId>,
    /// The repository.
    pub repo_url: String,
}

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestRecord {
    /// What the machine knows.
    pub row: Row,
    /// The product, whose people see it.
    pub product: ProductId,
    /// The run that publishes.
    pub run: Option<RunId>,
    /// The story that is published, where the branch is that of a story.
    pub story: Option<StoryId>,
    /// The repository.
    pub repo_url: String,
    /// When its forge is asked about it next; nothing before that was noted once.
    pub poll_at: Option<Timestamp>,
    /// When its row was made.
    pub created_at: Timestamp,
}

/// What a publication depends on beside the work on its branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicationFacts {
    /// Its product wants pull requests to be made and merged by themselves.
    pub auto_pr: bool,
    /// In its product, failures of the surroundings cascade too.
    pub cascade_on_infrastructure: bool,
    /// Its story, where it is that of a story.
    pub story: Option<story::Status>,
    /// The run that last made jobs on its branch.
    pub run: Option<run::Status>,
}

/// A job that failed or was cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedJob {
    /// Which.
    pub job: JobId,
    /// FAILED or CANCELLED.
    pub status: job::Status,
    /// Why.
    pub cause: Option<EndCause>,
}
