//! Takes jobs from workers that gave no sign of life. A failure by expiry follows the same path as any other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::json;

use super::events::{EVENTS_KEPT, prunable};
use super::follow::{any, follow};
use super::follow_many::{Moved, apply_all, settle_runs};
use super::{FlowError, Sprintgate};
use crate::domain::actor::Actor;
use crate::domain::cascade;
use crate::domain::id::{JobId, ProductId, UserId};
use crate::domain::job::{AnyJob, Change, Refusal, Status};
use crate::domain::time::Timestamp;
use crate::forge::Forges;
use crate::store::{JobRecord, Of, Stamp, Tx};

/// Jobs that one transaction takes at most.
const BATCH: u32 = 100;

/// Batches of events that one sweep deletes at most.
const BATCHES: u32 = 10;

/// How long to wait for what failed to be undone.
const UNDONE: Duration = Duration::from_millis(10);

/// What a sweep did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Swept {
    /// Jobs that wait again.
    pub requeued: Vec<String>,
    /// Jobs whose last attempt it was.
    pub failed: Vec<String>,
    /// Events that were old and handled, and are gone.
    pub pruned_events: u64,
}

impl Sprintgate {
    /// Sweeps: first takes back the held jobs of all users whose lease ran out, oldest first, 100 in a transaction, and
    /// frees what locks of worktrees are left of such. Then binds the ledger's rows by a checkpoint when one is due, and deletes events that are older than a week and handled,
    /// 1000 in a transaction and 10,000 at most: more would keep the next sweep waiting.
    ///
    /// # Errors
    /// When the store fails; what was done before stays done.
    pub async fn sweep(&self) -> Result<Swept, FlowError> {
        let swept = self.take_back().await;
        if let Err(error) = self.free_stale_locks().await {
            tracing::warn!(%error, "could not free locks whose time is over; a later sweep will");
        }
        if let Err(error) = self.bind_what_is_due().await {
            tracing::warn!(%error, "could not write a checkpoint of the ledger; a later sweep will");
        }
        let mut swept = swept?;
        // Most sweeps find nothing, and shall not take the write lock for it.
        if prunable(&mut *self.store.read().await?, EVENTS_KEPT).await? {
            swept.pruned_events = self.prune_batches(EVENTS_KEPT, BATCHES).await?;
        }
        Ok(swept)
    }

    /// Takes back every job whose lease ran out. One that cannot be taken back keeps no other one waiting.
    pub(super) async fn take_back(&self) -> Result<Swept, FlowError> {
        let (mut swept, mut passed_over) = (Swept::default(), BTreeSet::new());
        // After a batch that failed: so many are taken back each by itself.
        let mut singly: u32 = 0;
        loop {
            let Some(next) = self.first_stale(&passed_over).await? else { return Ok(swept) };
            let size = if singly > 0 { 1 } else { BATCH };
            singly = singly.saturating_sub(1);
            match self.take_back_some(size, &mut passed_over, &mut swept).await {
                // A batch of ours that failed may not be undone yet.
                Ok(0) if singly > 0 => tokio::time::sleep(UNDONE).await,
                // Another process is at it.
                Ok(0) => return Ok(swept),
                Ok(_) => {}
                Err(error) if size > 1 => {
                    tracing::warn!(%error, "stale jobs are taken back one by one");
                    singly = BATCH;
                }
                Err(error) => {
                    tracing::error!(job = %next, %error, "a stale job cannot be taken back now");
                    passed_over.insert(next);
                }
            }
        }
    }

    async fn first_stale(&self, passed_over: &BTreeSet<JobId>) -> Result<Option<JobId>, FlowError> {
        let mut tx = self.store.read().await?;
        let stale = stale(&mut *tx, 1, passed_over).await?;
        Ok(stale.into_iter().next())
    }

    /// How many were looked at.
    async fn take_back_some(
        &self,
        size: u32,
        passed_over: &mut BTreeSet<JobId>,
        swept: &mut Swept,
    ) -> Result<usize, FlowError> {
        let mut tx = self.store.begin().await?;
        let ids = stale(&mut *tx, size, passed_over).await?;
        if ids.is_empty() {
            return Ok(0);
        }
        let taken = expire(&mut *tx, &self.forges, &ids).await?;
        tx.commit().await?;
        for (id, to) in taken {
            match to {
                Some(Status::Queued) => swept.requeued.push(id.to_string()),
                Some(_) => swept.failed.push(id.to_string()),
                None => drop(passed_over.insert(id)),
            }
        }
        Ok(ids.len())
    }
}

/// The first `limit` stale jobs that were not passed over.
async fn stale(tx: &mut dyn Tx, limit: u32, passed_over: &BTreeSet<JobId>) -> Result<Vec<JobId>, FlowError> {
    let (now, besides) = (tx.now(), u32::try_from(passed_over.len()).unwrap_or(u32::MAX));
    let ids = tx.stale(now, limit.saturating_add(besides)).await?;
    let ids = ids.into_iter().filter(|id| !passed_over.contains(id));
    Ok(ids.take(limit as usize).collect())
}

/// Where the jobs that were taken back are now; nothing for one that cannot be. All at once, but for those whose failure
/// cancels others: one of them ends the batch, and the next ones are left to the next.
async fn expire(
    tx: &mut dyn Tx,
    forges: &Forges,
    ids: &[JobId],
) -> Result<Vec<(JobId, Option<Status>)>, FlowError> {
    tx.hold(Of::Jobs(ids), None).await?;
    let jobs = tx.jobs_by_id(ids).await?;
    let mut jobs: BTreeMap<JobId, JobRecord> =
        jobs.into_iter().map(|job| (job.row.id.clone(), job)).collect();
    let (mut taken, mut moved, mut cascading) = (Vec::new(), Vec::new(), Vec::new());
    let mut asked = BTreeMap::new();
    for id in ids {
        let expired = jobs.remove(id).and_then(|job| expired(job, tx.now()));
        match expired {
            Some(expired) if cascades(tx, &expired, &mut asked).await? => cascading.push(expired),
            Some(expired) => moved.push(expired),
            None => taken.push((id.clone(), None)),
        }
    }
    apply_all(tx, forges, &moved).await?;
    settle_runs(tx, forges, &moved).await?;
    let to = |moved: &Moved| (moved.job.row.id.clone(), Some(moved.change.after()));
    taken.extend(moved.iter().map(to));
    if let Some(first) = cascading.into_iter().next() {
        taken.push(to(&first));
        follow(tx, forges, &first.job, first.change, &first.stamp).await?;
    }
    Ok(taken)
}

/// The move of a job whose lease ran out.
fn expired(job: JobRecord, now: Timestamp) -> Option<Moved> {
    let expired: Result<Change, Refusal> = match any(&job) {
        Ok(AnyJob::Claimed(claimed)) => claimed.expire(now).map(Into::into),
        Ok(AnyJob::Running(running)) => running.expire(now).map(Into::into),
        Ok(_) => return None,
        // One row that no move could have written keeps nobody else waiting; `audit verify` looks for its kind.
        Err(error) => {
            tracing::error!(job = %job.row.id, %error, "a stale job cannot be taken back");
            return None;
        }
    };
    let change = expired.ok()?;
    let facts = json!({ "lease_until": job.row.lease_until, "worker": job.row.worker });
    let stamp = Stamp { attempt: Some(job.row.attempt), facts, ..Stamp::of(Actor::System) };
    Some(Moved { job, change, stamp })
}

/// Whether it is a failure that cancels others. What a product says to that is asked once.
async fn cascades(
    tx: &mut dyn Tx,
    moved: &Moved,
    asked: &mut BTreeMap<(UserId, ProductId), bool>,
) -> Result<bool, FlowError> {
    let (Status::Failed, Some(cause)) = (moved.change.after(), moved.change.row().end_cause) else {
        return Ok(false);
    };
    if !cascade::starts(cause, true) {
        return Ok(false);
    }
    let key = (moved.job.user.clone(), moved.job.product.clone());
    let too = match asked.get(&key) {
        Some(too) => *too,
        None => {
            let product = tx.product(&key.0, &key.1).await?;
            let too = product.is_some_and(|product| product.cascade_on_infrastructure);
            asked.insert(key, too);
            too
        }
    };
    Ok(cascade::starts(cause, too))
}
