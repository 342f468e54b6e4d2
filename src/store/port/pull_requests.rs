//! The publication of branches.

use async_trait::async_trait;

use crate::domain::id::PullRequestId;
use crate::store::{NewPullRequest, PullRequestRecord, Stamp, StoreError};

/// Publications of branches.
#[async_trait]
pub trait PullRequests {
    /// Adds a publication, NONE. A branch of a repository has one that has not ended.
    async fn add_pull_request(&mut self, new: &NewPullRequest, stamp: &Stamp) -> Result<(), StoreError>;
    /// A publication. In a transaction that writes, its row is locked.
    async fn pull_request(&mut self, id: &PullRequestId) -> Result<Option<PullRequestRecord>, StoreError>;
    /// The publications of a branch of a repository, ended ones too, newest first, at most `limit`.
    async fn pull_requests_of_branch(
        &mut self,
        repo_url: &str,
        branch: &str,
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError>;
}
