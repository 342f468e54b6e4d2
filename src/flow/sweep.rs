//! Takes jobs from workers that gave no sign of life. A failure by expiry follows the same path as any other.

use serde_json::json;

use super::events::{EVENTS_KEPT, prunable};
use super::follow::{any, follow};
use super::{FlowError, Sprintgate};
use crate::domain::actor::Actor;
use crate::domain::id::JobId;
use crate::domain::job::{AnyJob, Change, Refusal, Status};
use crate::store::{Of, Stamp, Tx};

/// Jobs that one sweep takes at most.
const BATCH: u32 = 100;

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
    /// Sweeps once: held jobs of all users whose lease ran out, oldest first, at most 100; and events that are older
    /// than a week and handled, at most 1000. Binds the ledger's rows by a checkpoint, too, when one is due.
    ///
    /// # Errors
    /// When the store fails; no job is taken back then.
    pub async fn sweep(&self) -> Result<Swept, FlowError> {
        if let Err(error) = self.bind_what_is_due().await {
            tracing::warn!(%error, "could not write a checkpoint of the ledger; a later sweep will");
        }
        let mut swept = Swept::default();
        let (stale, old) = {
            // Most sweeps find nothing, and shall not take the write lock for it.
            let mut tx = self.store.read().await?;
            let now = tx.now();
            (!tx.stale(now, 1).await?.is_empty(), prunable(&mut *tx, EVENTS_KEPT).await?)
        };
        if old {
            swept.pruned_events = self.prune_batch(EVENTS_KEPT).await?;
        }
        if !stale {
            return Ok(swept);
        }
        let mut tx = self.store.begin().await?;
        let now = tx.now();
        for id in tx.stale(now, BATCH).await? {
            match expire(&mut *tx, &id).await {
                Ok(Some(Status::Queued)) => swept.requeued.push(id.to_string()),
                Ok(Some(_)) => swept.failed.push(id.to_string()),
                Ok(None) => {}
                Err(error) => return Err(error),
            }
        }
        tx.commit().await?;
        Ok(swept)
    }
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
