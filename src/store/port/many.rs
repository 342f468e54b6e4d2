//! Many rows read or written at once, for use cases that concern many: a few statements, however many rows.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use crate::domain::id::JobId;
use crate::domain::time::Millis;
use crate::store::{
    AttemptRecord, JobRecord, LeaseRecord, NewEffect, NewJob, RunBranch, Stamp, StoreError, TaskOfJob,
    TokenHash, TokenRecord,
};

/// Many rows at once. What is not there is left out. A caller bounds how many it asks for.
#[async_trait]
pub trait Many {
    /// Jobs, whoever they belong to, by their ids. In a transaction that writes, their rows are locked.
    async fn jobs_by_id(&mut self, ids: &[JobId]) -> Result<Vec<JobRecord>, StoreError>;
    /// Attempts by job and number, in no order.
    async fn attempts_named(&mut self, named: &[(JobId, u32)]) -> Result<Vec<AttemptRecord>, StoreError>;
    /// The tasks of jobs, where the user of the job can see them.
    async fn tasks_of_jobs(&mut self, ids: &[JobId]) -> Result<Vec<TaskOfJob>, StoreError>;
    /// Adds jobs, QUEUED, as [`Jobs::add_job`](super::Jobs::add_job) does one.
    async fn add_jobs(&mut self, jobs: &[NewJob], stamp: &Stamp) -> Result<(), StoreError>;
    /// Adds effects, PENDING, as [`Effects::add_effect`](super::Effects::add_effect) does one.
    async fn add_effects(&mut self, effects: &[(NewEffect, Stamp)]) -> Result<(), StoreError>;
    /// Makes the first open job of each branch ready, as [`Jobs::ready_next`](super::Jobs::ready_next) does of one.
    async fn ready_next_of(&mut self, branches: &[RunBranch]) -> Result<(), StoreError>;

    /// Tokens by the hashes they are kept under, whether or not they are still good.
    async fn tokens_by_hash(
        &mut self,
        hashes: &[TokenHash],
    ) -> Result<BTreeMap<String, TokenRecord>, StoreError>;
    /// Jobs that were claimed, with their current attempts. Nothing is locked.
    async fn leases(&mut self, jobs: &[JobId]) -> Result<Vec<LeaseRecord>, StoreError>;
    /// Renews the leases of the attempts that hold these jobs. Those that no longer do, and those whose rows another
    /// transaction has locked, are left as they are; which were renewed. Nobody is waited for.
    async fn renew_all(
        &mut self,
        held: &[(JobId, u32)],
        lease: Millis,
    ) -> Result<BTreeSet<JobId>, StoreError>;
}
