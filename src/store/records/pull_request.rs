//! The publication of branches.

use crate::domain::id::{ProductId, RunId, StoryId};
use crate::domain::pull_request::{PullRequest, Row, Unpublished};
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
