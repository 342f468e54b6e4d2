//! Events and their consumers, as programs and people see them.

use serde::Serialize;

use crate::domain::event::{Payload, wire};
use crate::flow::fresh::iso;
use crate::store::EventRecord;

/// An event with everything that is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventView {
    /// Its place: the number of the transaction where the database has one (else 0), and that of the event.
    pub place: (i64, i64),
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The machine.
    pub machine: String,
    /// The entity.
    pub entity: String,
    /// The place among the entity's rows of the ledger.
    pub seq: i64,
    /// What happened.
    pub event: String,
    /// The status before; absent at birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The status after.
    pub to: String,
    /// The user whom it concerns alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// When, ISO 8601.
    pub at: String,
    /// The small fields.
    pub payload: Payload,
    /// The message that goes out on the channel.
    #[serde(skip)]
    pub wire: String,
}

impl EventView {
    pub(in crate::flow) fn of(record: &EventRecord) -> Self {
        let event = &record.event;
        Self {
            place: (record.place.xid, record.place.seq),
            kind: event.kind().to_owned(),
            machine: event.machine.clone(),
            entity: event.entity.clone(),
            seq: event.entity_seq,
            event: event.event.clone(),
            from: event.from.clone(),
            to: event.to.clone(),
            user_id: event.user.as_ref().map(ToString::to_string),
            product_id: event.product.as_ref().map(ToString::to_string),
            at: iso(event.at),
            payload: event.payload.clone(),
            wire: wire(event, iso).to_string(),
        }
    }
}

/// Everybody who keeps a place in the outbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Consumers {
    /// By name.
    pub result: Vec<ConsumerView>,
    /// Where events are held back: the oldest transaction that is open, which holds them, if it still is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back_by: Option<Holder>,
}

/// A transaction that is open on the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Whose it is.
    pub who: String,
    /// Since when; absent where the database does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// Somebody who keeps a place in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsumerView {
    /// The name.
    pub name: String,
    /// Events that it can read and has not handled; at most 100,000 are counted.
    pub unseen: i64,
    /// There are more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unseen_is_more: bool,
    /// The time of the oldest of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_unseen_at: Option<String>,
    /// How long ago that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_unseen_seconds: Option<i64>,
    /// Events behind those that cannot be read yet, because a transaction that began before them is open; at most
    /// 100,000 are counted.
    pub held_back: i64,
    /// There are more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub held_back_is_more: bool,
    /// The time of the oldest of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_held_back_at: Option<String>,
    /// How long ago that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_held_back_seconds: Option<i64>,
    /// When it last gave a sign of life.
    pub seen_at: String,
    /// How long ago that was.
    pub seen_seconds: i64,
    /// When it was first there.
    pub created_at: String,
}
