//! The publication of branches.

use async_trait::async_trait;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::forge::{ForgeHost, PrUrl};
use crate::domain::id::{JobId, ProductId, PullRequestId, RunId, StoryId};
use crate::domain::publication::Work;
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Timestamp;
use crate::store::{
    EndedJob, JobRecord, NewPullRequest, PublicationFacts, PullRequestRecord, Stamp, StoreError,
};

/// Publications of branches. A repository is the same one however its address is spelled.
#[async_trait]
pub trait PullRequests {
    /// Adds a publication, NONE. A branch of a repository has one that has not ended.
    async fn add_pull_request(&mut self, new: &NewPullRequest, stamp: &Stamp) -> Result<(), StoreError>;
    /// A publication. In a transaction that writes, its row is locked.
    async fn pull_request(&mut self, id: &PullRequestId) -> Result<Option<PullRequestRecord>, StoreError>;
    /// The publication of a branch that has not ended. In a transaction that writes, its row is locked.
    async fn live_pull_request(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
    ) -> Result<Option<PullRequestRecord>, StoreError>;
    /// The publications of a branch, ended ones too, newest first, at most `limit`.
    async fn pull_requests_of_branch(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError>;
    /// The publications of several branches, ended ones too, newest first, at most `limit`.
    async fn pull_requests_of_branches(
        &mut self,
        branches: &[(RemoteUrl, BranchName)],
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError>;
    /// Those publications of several branches that have not ended, at most one of each, oldest first. Nothing is locked.
    async fn live_pull_requests_of_branches(
        &mut self,
        branches: &[(RemoteUrl, BranchName)],
    ) -> Result<Vec<PullRequestRecord>, StoreError>;
    /// The publications of several stories that have not ended, one a story and repository, oldest first. Nothing is
    /// locked.
    async fn live_pull_requests_of_stories(
        &mut self,
        stories: &[StoryId],
    ) -> Result<Vec<PullRequestRecord>, StoreError>;
    /// The publications that a run made and that have not ended: one a repository, or one a story and repository; oldest
    /// first. Nothing is locked.
    async fn live_pull_requests_of_run(&mut self, run: &RunId) -> Result<Vec<PullRequestRecord>, StoreError>;
    /// The publications of a product that have not ended, newest first, at most `limit`. Nothing is locked.
    async fn live_pull_requests_of_product(
        &mut self,
        product: &ProductId,
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError>;

    /// What a publication depends on beside the work on its branch; nothing when there is no such publication.
    async fn publication_facts(&mut self, id: &PullRequestId)
    -> Result<Option<PublicationFacts>, StoreError>;
    /// The work on a branch, of whatever run.
    async fn work_on(&mut self, repo: &RemoteUrl, branch: &BranchName) -> Result<Work, StoreError>;
    /// When the last of the workers on a branch that were told to stop, and did not say that they have, was told so; nothing
    /// when each has, or nobody was told.
    async fn unstopped_on(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
    ) -> Result<Option<Timestamp>, StoreError>;
    /// The jobs of a branch that failed or were cancelled since the newest of its jobs was made, the last first, at most
    /// `limit`.
    async fn undone_on(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        limit: u32,
    ) -> Result<Vec<EndedJob>, StoreError>;
    /// The jobs that failed since the newest job of a branch was made, of the backlog items that the branch's jobs are of,
    /// the last first, at most `limit`; without those after which a job of another backlog item was DONE on the branch.
    async fn failed_beside(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        limit: u32,
    ) -> Result<Vec<EndedJob>, StoreError>;
    /// The jobs of a branch that are DONE, the last first, at most `limit`. Nothing is locked.
    async fn done_on(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        limit: u32,
    ) -> Result<Vec<JobRecord>, StoreError>;
    /// Whether a job of the branch that is DONE published that commit.
    async fn is_published(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        commit: &CommitId,
    ) -> Result<bool, StoreError>;
    /// The address of the pull request that was noted at a job.
    async fn pr_of_job(&mut self, job: &JobId) -> Result<Option<String>, StoreError>;
    /// Notes the address of the branch's pull request at those of its jobs that are DONE and have none; how many.
    async fn note_pr(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        url: &PrUrl,
    ) -> Result<u64, StoreError>;

    /// Those that have not ended and about which that forge is to be asked by now, the first due first, at most `limit`.
    /// Nothing is locked.
    async fn due_polls(&mut self, host: &ForgeHost, limit: u32)
    -> Result<Vec<PullRequestRecord>, StoreError>;
    /// Notes that its forge, which is that one, is asked about it at that time and not before; false when it has no pull
    /// request, or has ended.
    async fn note_poll(
        &mut self,
        id: &PullRequestId,
        host: &ForgeHost,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
}
