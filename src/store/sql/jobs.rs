//! The interface of jobs and attempts; each subject has its own file.

use async_trait::async_trait;

use super::tx::DbTx;
use super::{attempts, claim_facts, job_notes, job_queue, job_rows, readiness, sent_commits};
use crate::domain::attempt::{Attempt, Held};
use crate::domain::commit::CommitId;
use crate::domain::id::{JobId, PbiId, ProductId, RunId, TaskId, TokenId, UserId};
use crate::domain::time::{Millis, Timestamp};
use crate::store::{
    AttemptRecord, ClaimFacts, Confirmation, JobFilter, JobRecord, Jobs, NewJob, Remaining, Sender, Stamp,
    StoreError, Usage, Verification,
};

#[async_trait]
impl Jobs for DbTx {
    async fn add_job(&mut self, job: &NewJob, stamp: &Stamp) -> Result<(), StoreError> {
        job_rows::add(self, job, stamp).await
    }
    async fn job(&mut self, id: &JobId) -> Result<Option<JobRecord>, StoreError> {
        job_rows::by_id(self, id).await
    }
    async fn job_and_attempt(
        &mut self,
        id: &JobId,
        number: Option<u32>,
    ) -> Result<Option<(JobRecord, Option<AttemptRecord>)>, StoreError> {
        job_rows::with_attempt(self, id, number).await
    }
    async fn jobs(&mut self, user: &UserId, filter: &JobFilter) -> Result<Vec<JobRecord>, StoreError> {
        job_rows::list(self, user, filter).await
    }
    async fn first_claimable(
        &mut self,
        user: &UserId,
        product: Option<&ProductId>,
    ) -> Result<Option<JobId>, StoreError> {
        job_queue::first_claimable(self, user, product).await
    }
    async fn any_claimable(&mut self, user: &UserId) -> Result<bool, StoreError> {
        job_queue::any_claimable(self, user).await
    }
    async fn claim_facts(&mut self, job: &JobRecord, user: &UserId) -> Result<ClaimFacts, StoreError> {
        claim_facts::of(self, job, user).await
    }
    async fn next_due(
        &mut self,
        user: &UserId,
        product: Option<&ProductId>,
    ) -> Result<Option<Timestamp>, StoreError> {
        job_queue::next_due(self, user, product).await
    }
    async fn ready_next(&mut self, run: &RunId, repo_url: &str, branch: &str) -> Result<(), StoreError> {
        readiness::ready_next(self, run, repo_url, branch).await
    }
    async fn set_ready(&mut self, job: &JobId, ready: bool) -> Result<(), StoreError> {
        readiness::set_ready(self, job, ready).await
    }
    async fn open_jobs_of_run(&mut self, run: &RunId, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
        job_rows::open_of_run(self, run, limit).await
    }
    async fn open_jobs_of_pbi(&mut self, pbi: &PbiId, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
        job_rows::open_of_pbi(self, pbi, limit).await
    }
    async fn jobs_of_run(&mut self, run: &RunId, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
        job_rows::of_run(self, run, limit).await
    }
    async fn jobs_of_pbi(&mut self, pbi: &PbiId, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
        job_rows::of_pbi(self, pbi, limit).await
    }
    async fn cancelled_because_of(&mut self, job: &JobId, limit: u32) -> Result<Vec<JobId>, StoreError> {
        job_rows::cancelled_because_of(self, job, limit).await
    }
    async fn open_job_of_task(&mut self, task: &TaskId) -> Result<Option<JobRecord>, StoreError> {
        job_rows::open_of_task(self, task).await
    }
    async fn stale(&mut self, now: Timestamp, limit: u32) -> Result<Vec<JobId>, StoreError> {
        job_queue::stale(self, now, limit).await
    }
    async fn remaining(&mut self, user: &UserId) -> Result<Vec<Remaining>, StoreError> {
        job_queue::remaining(self, user).await
    }

    async fn add_attempt(&mut self, attempt: &Attempt<Held>, stamp: &Stamp) -> Result<(), StoreError> {
        attempts::add(self, attempt, stamp).await
    }
    async fn attempt(&mut self, job: &JobId, number: u32) -> Result<Option<AttemptRecord>, StoreError> {
        attempts::by_number(self, job, number).await
    }
    async fn attempts(&mut self, job: &JobId) -> Result<Vec<AttemptRecord>, StoreError> {
        attempts::of_job(self, job).await
    }
    async fn held_by(&mut self, token: &TokenId, limit: u32) -> Result<Vec<AttemptRecord>, StoreError> {
        attempts::held_by(self, token, limit).await
    }

    async fn renew(&mut self, job: &JobId, attempt: u32, lease: Millis) -> Result<bool, StoreError> {
        job_notes::renew(self, job, attempt, lease).await
    }
    async fn note_base(
        &mut self,
        job: &JobId,
        attempt: u32,
        base: &CommitId,
        published: Option<&CommitId>,
        lease: Millis,
    ) -> Result<bool, StoreError> {
        job_notes::base(self, job, attempt, base, published, lease).await
    }
    async fn note_verdict(
        &mut self,
        job: &JobId,
        attempt: u32,
        seen: &Verification,
    ) -> Result<bool, StoreError> {
        job_notes::verdict(self, job, attempt, seen).await
    }
    async fn note_sent(&mut self, job: &JobId, attempt: u32, commit: &CommitId) -> Result<(), StoreError> {
        sent_commits::note(self, job, attempt, commit).await
    }
    async fn senders(
        &mut self,
        repo_url: &str,
        branch: &str,
        commit: &CommitId,
        limit: u32,
    ) -> Result<Vec<Sender>, StoreError> {
        sent_commits::senders(self, repo_url, branch, commit, limit).await
    }
    async fn note_usage(&mut self, job: &JobId, attempt: u32, usage: &Usage) -> Result<(), StoreError> {
        job_notes::usage(self, job, attempt, usage).await
    }
    async fn note_report(&mut self, job: &JobId, attempt: u32, outcome: &str) -> Result<(), StoreError> {
        job_notes::report(self, job, attempt, outcome).await
    }
    async fn confirm_stop(
        &mut self,
        job: &JobId,
        attempt: u32,
        how: Confirmation,
    ) -> Result<bool, StoreError> {
        job_notes::confirm_stop(self, job, attempt, how).await
    }
}
