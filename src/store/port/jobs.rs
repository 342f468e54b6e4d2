//! Jobs and attempts: what is read to decide, and what is noted beside the status.

use async_trait::async_trait;

use crate::domain::attempt::{Attempt, Held};
use crate::domain::commit::CommitId;
use crate::domain::id::{JobId, PbiId, ProductId, RunId, TaskId, TokenId, UserId};
use crate::domain::time::{Millis, Timestamp};
use crate::store::{
    AttemptRecord, ClaimFacts, Confirmation, JobFilter, JobRecord, NewJob, Remaining, Sender, Stamp,
    StoreError, Usage, Verification,
};

/// Jobs and attempts.
#[async_trait]
pub trait Jobs {
    /// Adds a job, QUEUED.
    async fn add_job(&mut self, job: &NewJob, stamp: &Stamp) -> Result<(), StoreError>;
    /// A job, whoever it belongs to. In a transaction that writes, its row is locked.
    async fn job(&mut self, id: &JobId) -> Result<Option<JobRecord>, StoreError>;
    /// A job and one of its attempts, the last one when no number is given. In a transaction that writes, the job's row
    /// is locked, and the attempt is nothing when it has to be read again because somebody was waited for.
    async fn job_and_attempt(
        &mut self,
        id: &JobId,
        number: Option<u32>,
    ) -> Result<Option<(JobRecord, Option<AttemptRecord>)>, StoreError>;
    /// Jobs of the user by the filter, newest first.
    async fn jobs(&mut self, user: &UserId, filter: &JobFilter) -> Result<Vec<JobRecord>, StoreError>;
    /// The first job that the user's workers can claim now: ready, its time come, oldest first, then by run
    /// sequence and id. One index look-up, whatever the length of the queue.
    async fn first_claimable(
        &mut self,
        user: &UserId,
        product: Option<&ProductId>,
    ) -> Result<Option<JobId>, StoreError>;
    /// Whether there is such a job. Nothing is locked or noted.
    async fn any_claimable(&mut self, user: &UserId) -> Result<bool, StoreError>;
    /// What the guards of a claim by the user read beside the job.
    async fn claim_facts(&mut self, job: &JobRecord, user: &UserId) -> Result<ClaimFacts, StoreError>;
    /// When the earliest job that waits after a given-back attempt can be claimed, of one product or of all.
    async fn next_due(
        &mut self,
        user: &UserId,
        product: Option<&ProductId>,
    ) -> Result<Option<Timestamp>, StoreError>;
    /// Makes the first open job of the run's branch ready, after one before it ended.
    async fn ready_next(&mut self, run: &RunId, repo_url: &str, branch: &str) -> Result<(), StoreError>;
    /// Marks a queued job ready or not, where the rows themselves say otherwise than its mark.
    async fn set_ready(&mut self, job: &JobId, ready: bool) -> Result<(), StoreError>;
    /// Open jobs of a run, at most `limit`.
    async fn open_jobs_of_run(&mut self, run: &RunId, limit: u32) -> Result<Vec<JobRecord>, StoreError>;
    /// Open jobs of tasks under a backlog item, at most `limit`.
    async fn open_jobs_of_pbi(&mut self, pbi: &PbiId, limit: u32) -> Result<Vec<JobRecord>, StoreError>;
    /// Jobs of a run, ended ones too, newest first, at most `limit`.
    async fn jobs_of_run(&mut self, run: &RunId, limit: u32) -> Result<Vec<JobRecord>, StoreError>;
    /// Jobs of tasks under a backlog item, ended ones too, at most `limit`.
    async fn jobs_of_pbi(&mut self, pbi: &PbiId, limit: u32) -> Result<Vec<JobRecord>, StoreError>;
    /// The jobs that were cancelled because of that one, at most `limit`.
    async fn cancelled_because_of(&mut self, job: &JobId, limit: u32) -> Result<Vec<JobId>, StoreError>;
    /// The job of a task that has not ended.
    async fn open_job_of_task(&mut self, task: &TaskId) -> Result<Option<JobRecord>, StoreError>;
    /// Held jobs whose lease ran out before `now`, oldest first, at most `limit`, of all users.
    async fn stale(&mut self, now: Timestamp, limit: u32) -> Result<Vec<JobId>, StoreError>;
    /// Open and claimable jobs of the user, per product. One whose branch a job of another run holds counts as claimable: it
    /// is when that one ends.
    async fn remaining(&mut self, user: &UserId) -> Result<Vec<Remaining>, StoreError>;

    /// Adds the attempt that a claim made.
    async fn add_attempt(&mut self, attempt: &Attempt<Held>, stamp: &Stamp) -> Result<(), StoreError>;
    /// An attempt.
    async fn attempt(&mut self, job: &JobId, number: u32) -> Result<Option<AttemptRecord>, StoreError>;
    /// A job's attempts, first to last.
    async fn attempts(&mut self, job: &JobId) -> Result<Vec<AttemptRecord>, StoreError>;
    /// The attempts that a token holds now, at most `limit`.
    async fn held_by(&mut self, token: &TokenId, limit: u32) -> Result<Vec<AttemptRecord>, StoreError>;

    /// Renews the lease of the attempt that holds the job; false when it no longer does.
    async fn renew(&mut self, job: &JobId, attempt: u32, lease: Millis) -> Result<bool, StoreError>;
    /// Notes where the attempt's work starts, and renews its lease; false when it no longer holds the job.
    async fn note_base(
        &mut self,
        job: &JobId,
        attempt: u32,
        base: &CommitId,
        published: Option<&CommitId>,
        lease: Millis,
    ) -> Result<bool, StoreError>;
    /// Notes a verdict; false when the attempt no longer holds the job.
    async fn note_verdict(
        &mut self,
        job: &JobId,
        attempt: u32,
        seen: &Verification,
    ) -> Result<bool, StoreError>;
    /// Notes that the attempt is about to send a commit to its branch, once; nothing when it no longer holds the job.
    async fn note_sent(&mut self, job: &JobId, attempt: u32, commit: &CommitId) -> Result<(), StoreError>;
    /// The attempts that set out to send a commit to a branch, in order, at most `limit`, whosever they are.
    async fn senders(
        &mut self,
        repo_url: &str,
        branch: &str,
        commit: &CommitId,
        limit: u32,
    ) -> Result<Vec<Sender>, StoreError>;
    /// Notes what the attempt's agent used; counters that are absent stay.
    async fn note_usage(&mut self, job: &JobId, attempt: u32, usage: &Usage) -> Result<(), StoreError>;
    /// Notes the outcome that the attempt reported, so that the same report can be answered again.
    async fn note_report(&mut self, job: &JobId, attempt: u32, outcome: &str) -> Result<(), StoreError>;
    /// Notes that a cancelled attempt's worker stopped, once; false when there is no open stop order for it.
    async fn confirm_stop(
        &mut self,
        job: &JobId,
        attempt: u32,
        how: Confirmation,
    ) -> Result<bool, StoreError>;
}
