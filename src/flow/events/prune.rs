//! Deletes events that are old and that every consumer has handled.

use crate::domain::time::{Millis, Timestamp};
use crate::flow::{FlowError, Sprintgate};
use crate::store::Tx;

/// How long an event is kept when nobody says: a week.
pub const EVENTS_KEPT: Millis = Millis::minutes(7 * 24 * 60);
/// Events that one transaction deletes at most.
const BATCH: u32 = 1000;

/// What was deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Pruned {
    /// How many events.
    pub pruned: u64,
    /// The consumer that has not handled the oldest of what is just as old and stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_for: Option<String>,
}

impl Sprintgate {
    /// Deletes the events that are older than that and that every consumer has handled.
    ///
    /// # Errors
    /// When the store fails; what was deleted before stays deleted.
    pub async fn prune_events(&self, older_than: Millis) -> Result<Pruned, FlowError> {
        let pruned = self.prune_batches(older_than, u32::MAX).await?;
        let mut tx = self.store.read().await?;
        let before = before(&*tx, older_than);
        let oldest = tx.oldest_event().await?.filter(|(_, at)| *at < before);
        let slowest = tx.slowest_consumer().await?;
        let waits = slowest.filter(|slowest| oldest.is_some_and(|(place, _)| slowest.place < place));
        Ok(Pruned { pruned, kept_for: waits.map(|consumer| consumer.name) })
    }

    /// So many batches of it at most; how many events they were.
    pub(in crate::flow) async fn prune_batches(
        &self,
        older_than: Millis,
        most: u32,
    ) -> Result<u64, FlowError> {
        let mut pruned = 0;
        for _ in 0..most {
            let batch = self.prune_batch(older_than).await?;
            pruned += batch;
            if batch < u64::from(BATCH) {
                break;
            }
        }
        Ok(pruned)
    }

    async fn prune_batch(&self, older_than: Millis) -> Result<u64, FlowError> {
        let mut tx = self.store.begin().await?;
        let before = before(&*tx, older_than);
        let pruned = tx.prune_events(before, BATCH).await?;
        tx.commit().await?;
        Ok(pruned)
    }
}

/// Whether there is something to delete. Two look-ups, so that it can be asked often.
pub(in crate::flow) async fn prunable(tx: &mut dyn Tx, older_than: Millis) -> Result<bool, FlowError> {
    let before = before(tx, older_than);
    let Some((place, _)) = tx.oldest_event().await?.filter(|(_, at)| *at < before) else { return Ok(false) };
    Ok(tx.slowest_consumer().await?.is_none_or(|slowest| place <= slowest.place))
}

fn before(tx: &dyn Tx, older_than: Millis) -> Timestamp {
    tx.now() + Millis(older_than.0.saturating_neg())
}
