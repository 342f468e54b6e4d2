//! Takes jobs from workers that gave no sign of life. A failure by expiry follows the same path as any other.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use super::events::{EVENTS_KEPT, prunable};
use super::follow::{any, follow};
use super::{FlowError, Sprintgate};
use crate::domain::actor::Actor;
use crate::domain::id::JobId;
use crate::domain::job::{AnyJob, Change, Refusal, Status};
use crate::store::{Of, Stamp, Tx};

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
    /// Sweeps: first takes back the held jobs of all users whose lease ran out, oldest first, 100 in a transaction. Then
    /// binds the ledger's rows by a checkpoint when one is due, and deletes events that are older than a week and handled,
    /// 1000 in a transaction and 10,000 at most: more would keep the next sweep waiting.
    ///
    /// # Errors
    /// When the store fails; what was done before stays done.
    pub async fn sweep(&self) -> Result<Swept, FlowError> {
        let swept = self.take_back().await;
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
        let mut moved = Vec::new();
        for id in &ids {
            moved.push(expire(&mut *tx, id).await?);
        }
        tx.commit().await?;
        for (id, to) in ids.iter().zip(moved) {
            match to {
                Some(Status::Queued) => swept.requeued.push(id.to_string()),
                Some(_) => swept.failed.push(id.to_string()),
                None => drop(passed_over.insert(id.clone())),
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

async fn expire(tx: &mut dyn Tx, id: &JobId) -> Result<Option<Status>, FlowError> {
    tx.hold(Of::Job(id), None).await?;
    let Some(job) = tx.job(id).await? else { return Ok(None) };
    let now = tx.now();
    let any = match any(&job) {
        Ok(any) => any,
        // One row that no move could have written keeps nobody else waiting; `audit verify` looks for its kind.
        Err(error) => {
            tracing::error!(job = %id, %error, "a stale job cannot be taken back");
            return Ok(None);
        }
    };
    let expired: Result<Change, Refusal> = match any {
        AnyJob::Claimed(claimed) => claimed.expire(now).map(Into::into),
        AnyJob::Running(running) => running.expire(now).map(Into::into),
        _ => return Ok(None),
    };
    let Ok(change) = expired else { return Ok(None) };
    let to = change.row().status;
    let facts = json!({ "lease_until": job.row.lease_until, "worker": job.row.worker });
    let stamp = Stamp { attempt: Some(job.row.attempt), facts, ..Stamp::of(Actor::System) };
    follow(tx, &job, change, &stamp).await?;
    Ok(Some(to))
}
