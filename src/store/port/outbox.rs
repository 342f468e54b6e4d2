//! What other programs are told, read. Only `apply`, the births and a worker's sign of life write it.

use async_trait::async_trait;

use crate::domain::time::Timestamp;
use crate::store::{ConsumerRecord, EventRecord, OldestOpen, Place, StoreError, Unseen};

/// The outbox. Every method but [`kept_back`](Outbox::kept_back) sees only what no transaction that is still open can put
/// anything before.
#[async_trait]
pub trait Outbox {
    /// Events after a place, at most `limit`; those of one entity in the order of its ledger.
    async fn events_after(&mut self, place: Place, limit: u32) -> Result<Vec<EventRecord>, StoreError>;
    /// The newest events, oldest of them first, at most `limit`.
    async fn newest_events(&mut self, limit: u32) -> Result<Vec<EventRecord>, StoreError>;
    /// The place and the time of the first event that is kept.
    async fn oldest_event(&mut self) -> Result<Option<(Place, Timestamp)>, StoreError>;
    /// How many events lie after a place.
    async fn unseen(&mut self, place: Place) -> Result<Unseen, StoreError>;
    /// How many lie there besides that cannot be read yet.
    async fn kept_back(&mut self, place: Place) -> Result<Unseen, StoreError>;
    /// Because of whom they cannot.
    async fn oldest_open(&mut self) -> Result<Option<OldestOpen>, StoreError>;

    /// Puts a consumer at a place, unless one of that name is there.
    async fn add_consumer(&mut self, name: &str, place: Place) -> Result<(), StoreError>;
    /// A consumer.
    async fn consumer(&mut self, name: &str) -> Result<Option<ConsumerRecord>, StoreError>;
    /// The consumers by name, at most `limit`.
    async fn consumers(&mut self, limit: u32) -> Result<Vec<ConsumerRecord>, StoreError>;
    /// Notes that a consumer handled everything up to a place, and is there; false when it is further already, or was
    /// forgotten.
    async fn advance(&mut self, name: &str, place: Place) -> Result<bool, StoreError>;
    /// Moves a consumer on from exactly the place where it was found, in a transaction that does what is to be handled; false
    /// when it is elsewhere by now, or was forgotten.
    async fn move_on(&mut self, name: &str, from: Place, to: Place) -> Result<bool, StoreError>;
    /// Whether events lie after a place that cannot be read yet, because a transaction that began before them is open.
    async fn held_back(&mut self, place: Place) -> Result<bool, StoreError>;
    /// Removes a consumer, so that nothing is kept for it any more; false when there is none.
    async fn forget_consumer(&mut self, name: &str) -> Result<bool, StoreError>;

    /// The consumer that has seen least.
    async fn slowest_consumer(&mut self) -> Result<Option<ConsumerRecord>, StoreError>;
    /// Of the first `limit` events deletes those that are older than `before` and that every consumer has handled; how
    /// many.
    async fn prune_events(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
