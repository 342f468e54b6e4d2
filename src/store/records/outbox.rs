//! Events, and those who read them.

use crate::domain::event::Event;
use crate::domain::time::Timestamp;

/// A place in the outbox: behind an event, or before all of them. Places are in the order in which events are read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize,
)]
pub struct Place {
    /// The number of the transaction that wrote it; 0 in a database where one writes at a time.
    pub xid: i64,
    /// The number of the event.
    pub seq: i64,
}

impl Place {
    /// Before every event.
    pub const START: Self = Self { xid: 0, seq: 0 };
    /// Behind every event, now and later.
    pub const END: Self = Self { xid: i64::MAX, seq: i64::MAX };
}

/// An event and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRecord {
    /// Where it stands.
    pub place: Place,
    /// What is told.
    pub event: Event,
}

/// Somebody who reads the outbox and keeps their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerRecord {
    /// Their name.
    pub name: String,
    /// Everything up to here was handled.
    pub place: Place,
    /// When they last said so.
    pub seen_at: Timestamp,
    /// When they were first there.
    pub created_at: Timestamp,
}

/// What a consumer has not handled yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unseen {
    /// How many events; at most [`Unseen::COUNTED`].
    pub events: i64,
    /// There are more than were counted.
    pub is_more: bool,
    /// The time of the oldest of those that were counted.
    pub since: Option<Timestamp>,
}

impl Unseen {
    /// Events that are counted.
    pub const COUNTED: i64 = 100_000;
}

/// The oldest transaction that is open anywhere on the server: no event of a later one can be read before it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldestOpen {
    /// Whose it is: a process of the server or a prepared transaction, and the database.
    pub who: String,
    /// Since when it is open, or prepared; nothing where the database does not tell this user.
    pub since: Option<Timestamp>,
}
