//! What is true in each state of a worker process.

use super::words::{Absence, Event, Status};
use crate::domain::id::{TokenId, WorkerId};
use crate::domain::machine::{self, states};
use crate::domain::time::Timestamp;

/// A worker process in state `S`. Token and instance together are its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker<S> {
    /// The token it shows.
    pub token: TokenId,
    /// The process; several may show one token.
    pub instance: WorkerId,
    /// What is true in this state.
    pub state: S,
}

/// A share of a quota: 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u8);

impl Percent {
    /// Takes a number for a share; nothing above 100.
    #[must_use]
    pub fn new(percent: u8) -> Option<Self> {
        (percent <= 100).then_some(Self(percent))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

/// How much of the agent's quota was left, and when that was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// What was left.
    pub left: Percent,
    /// When.
    pub checked_at: Timestamp,
}

/// It registered and gives signs of life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// When it registered, the last time.
    pub started_at: Timestamp,
    /// Its last sign of life.
    pub last_seen_at: Timestamp,
    /// The quota it last told of, since it registered.
    pub quota: Option<Quota>,
}

/// It is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// When it had registered.
    pub started_at: Timestamp,
    /// Its last sign of life.
    pub last_seen_at: Timestamp,
    /// When it was known to be gone.
    pub since: Timestamp,
    /// How it went.
    pub how: Absence,
}

states! {
    Worker { token, instance }, AnyWorker: Present, Absent
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}
