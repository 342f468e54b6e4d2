//! Who reads the outbox, how far they are, and those that nobody waits for any more.

use crate::domain::time::Timestamp;
use crate::flow::fresh::iso;
use crate::flow::wire::{ConsumerView, Consumers, Holder};
use crate::flow::{FlowError, Sprintgate};
use crate::store::Tx;

/// Consumers that are listed.
const LISTED: u32 = 100;

impl Sprintgate {
    /// The consumers, by name, with what each has not handled.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn event_consumers(&self) -> Result<Consumers, FlowError> {
        let mut tx = self.store.read().await?;
        let result = consumers(&mut *tx).await?;
        let held_back_by = held_back_by(&mut *tx, &result).await?;
        Ok(Consumers { result, held_back_by })
    }

    /// Forgets a consumer: nothing is kept for it any more.
    ///
    /// # Errors
    /// `NOT_FOUND` when there is none of that name.
    pub async fn forget_events_consumer(&self, name: &str) -> Result<(), FlowError> {
        let mut tx = self.store.begin().await?;
        if !tx.forget_consumer(name).await? {
            return Err(FlowError::not_found("consumer of events", name));
        }
        Ok(tx.commit().await?)
    }
}

/// Takes text for the name of a consumer.
pub(super) fn named(name: &str) -> Result<(), FlowError> {
    let letters = name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'));
    if (1..=64).contains(&name.len()) && letters {
        Ok(())
    } else {
        Err(FlowError::invalid("consumer", "has 1 to 64 characters of a-z, 0-9, '-', '_' and '.'"))
    }
}

/// The consumers, by name, with what each has not handled.
pub(in crate::flow) async fn consumers(tx: &mut dyn Tx) -> Result<Vec<ConsumerView>, FlowError> {
    let now = tx.now();
    let ago = |since: Timestamp| (now - since).0.max(0) / 1000;
    let mut result = Vec::new();
    for consumer in tx.consumers(LISTED).await? {
        let unseen = tx.unseen(consumer.place).await?;
        let held = tx.kept_back(consumer.place).await?;
        result.push(ConsumerView {
            name: consumer.name,
            unseen: unseen.events,
            unseen_is_more: unseen.is_more,
            oldest_unseen_at: unseen.since.map(iso),
            oldest_unseen_seconds: unseen.since.map(ago),
            held_back: held.events,
            held_back_is_more: held.is_more,
            oldest_held_back_at: held.since.map(iso),
            oldest_held_back_seconds: held.since.map(ago),
            seen_at: iso(consumer.seen_at),
            seen_seconds: ago(consumer.seen_at),
            created_at: iso(consumer.created_at),
        });
    }
    Ok(result)
}

/// Because of whom events are held back from one of them.
pub(in crate::flow) async fn held_back_by(
    tx: &mut dyn Tx,
    consumers: &[ConsumerView],
) -> Result<Option<Holder>, FlowError> {
    let is_held = consumers.iter().any(|consumer| consumer.held_back > 0);
    let holder = if is_held { tx.oldest_open().await? } else { None };
    Ok(holder.map(|open| Holder { who: open.who, since: open.since.map(iso) }))
}
