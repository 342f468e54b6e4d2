//! What can be done with a worker's presence.

use super::refusal::Refusal;
use super::state::{Absent, Present, Quota, Step, Worker};
use super::words::{Absence, Event};
use crate::domain::time::{Millis, Timestamp};

/// How often a worker gives a sign of life (`original` 13).
pub const HEARTBEAT: Millis = Millis::seconds(5);
/// How old a sign of life may be for the worker to count as active (`original` 2.11): three missed heartbeats.
pub const ACTIVE_WITHIN: Millis = Millis::seconds(15);
/// How long a worker may be silent before it is taken off the list (`original` 2.11).
pub const PRUNE_AFTER: Millis = Millis::seconds(60);

/// Whether a worker that was last seen then is active now.
#[must_use]
pub fn is_active(last_seen_at: Timestamp, now: Timestamp) -> bool {
    now - last_seen_at <= ACTIVE_WITHIN
}

impl Worker<Present> {
    /// Notes a sign of life, and the quota where it tells of one. No edge: it stays PRESENT. A sign that arrives late
    /// takes nothing back.
    #[must_use]
    pub fn seen(mut self, quota: Option<Quota>, now: Timestamp) -> Self {
        self.state.last_seen_at = self.state.last_seen_at.max(now);
        self.state.quota = quota.or(self.state.quota);
        self
    }

    /// Whether it can be counted on now.
    #[must_use]
    pub fn active(&self, now: Timestamp) -> bool {
        is_active(self.state.last_seen_at, now)
    }

    /// Notes that it said goodbye.
    pub fn unregister(self, now: Timestamp) -> Step<Present, Absent> {
        self.gone(Event::Unregister, Absence::Unregistered, now)
    }

    /// Takes it off the list after a minute without a sign of life.
    ///
    /// # Errors
    /// [`Refusal::Seen`] before that minute is over.
    pub fn prune(self, now: Timestamp) -> Result<Step<Present, Absent>, Refusal> {
        let last_seen_at = self.state.last_seen_at;
        let until = last_seen_at + PRUNE_AFTER;
        if now < until {
            return Err(Refusal::Seen { last_seen_at, until });
        }
        Ok(self.gone(Event::Prune, Absence::Pruned, now))
    }

    fn gone(self, on: Event, how: Absence, now: Timestamp) -> Step<Present, Absent> {
        self.step(on, |Present { started_at, last_seen_at, .. }| Absent {
            started_at,
            last_seen_at,
            since: now,
            how,
        })
    }
}

impl Worker<Absent> {
    /// Puts it back on the list. What it told of its quota before is not believed any more.
    ///
    /// # Errors
    /// [`Refusal::Revoked`] when its token was taken back.
    pub fn register(
        self,
        revoked_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Step<Absent, Present>, Refusal> {
        if let Some(at) = revoked_at {
            return Err(Refusal::Revoked { at });
        }
        Ok(self.step(Event::Register, |Absent { .. }| Present {
            started_at: now,
            last_seen_at: now,
            quota: None,
        }))
    }
}
