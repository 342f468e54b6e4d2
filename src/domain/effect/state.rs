//! What is true in each state of an effect.

use super::words::{Event, Kind, Status, Why};
use crate::domain::id::{EffectId, UserId, WorkerId};
use crate::domain::machine::{self, To, states};
use crate::domain::time::{Millis, Timestamp};

/// How long a process may hold an effect without a sign of life.
pub const LEASE: Millis = Millis::minutes(5);
/// Tries that an effect gets, and gets anew when a person asks: with the growing waits between them about a day, so
/// that a forge which is down over night costs nothing.
pub const TRIES_MAX: u32 = 56;
/// How long a handler may put off the next try, whatever a forge told it.
pub const PUT_OFF_MAX: Millis = Millis::minutes(24 * 60);

/// An effect in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect<S> {
    /// Which effect.
    pub id: EffectId,
    /// What it does.
    pub kind: Kind,
    /// Tries so far; the number of the current or last one, 0 before the first. It never falls.
    pub tries: u32,
    /// The number of the last try it gets.
    pub tries_max: u32,
    /// What is true in this state.
    pub state: S,
}

/// Waits for its first try, or for its first after a person asked for more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Not to be tried before.
    pub due_at: Timestamp,
}

/// A process holds it and tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The process.
    pub holder: WorkerId,
    /// Until when, by the database's clock.
    pub lease_until: Timestamp,
}

/// A try failed; waits for the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Not to be tried before.
    pub due_at: Timestamp,
    /// What the last try met; at most 2000 characters are kept.
    pub error: String,
}

/// It was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// When.
    pub at: Timestamp,
}

/// Nobody tries any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GaveUp {
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub at: Timestamp,
}

/// What a try met that may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// In words; at most 2000 characters are kept.
    pub error: String,
    /// Not to be tried again before, if the other side said so; a day from now at most.
    pub not_before: Option<Timestamp>,
    /// A random number, so that those who failed together do not come back together.
    pub dice: u32,
}

impl From<&str> for Met {
    fn from(error: &str) -> Self {
        Self { error: error.to_owned(), not_before: None, dice: 0 }
    }
}

/// Why nobody tries any more, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Its last try failed.
    Spent {
        /// What that try met.
        error: String,
    },
    /// A try failed in a way that every other would.
    Refused {
        /// What that try met.
        error: String,
    },
    /// A person gave up on it.
    Dismissed {
        /// Who.
        by: UserId,
        /// Why, in their words.
        reason: String,
        /// What the last try met, if there was one.
        error: Option<String>,
    },
}

impl Reason {
    /// The reason as a word.
    #[must_use]
    pub fn why(&self) -> Why {
        match self {
            Self::Spent { .. } => Why::Spent,
            Self::Refused { .. } => Why::Refused,
            Self::Dismissed { .. } => Why::Dismissed,
        }
    }
}

states! {
    Effect { id, kind, tries, tries_max }, AnyEffect: Pending, Running, Retry, Done, GaveUp
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}

/// The effect waits for a try.
pub trait Due: State + To<Running> + To<GaveUp> {
    /// Not before this moment.
    fn due_at(&self) -> Timestamp;
    /// What the last try met, if there was one.
    fn into_error(self) -> Option<String>;
}

impl Due for Pending {
    fn due_at(&self) -> Timestamp {
        self.due_at
    }
    fn into_error(self) -> Option<String> {
        None
    }
}

impl Due for Retry {
    fn due_at(&self) -> Timestamp {
        self.due_at
    }
    fn into_error(self) -> Option<String> {
        Some(self.error)
    }
}
