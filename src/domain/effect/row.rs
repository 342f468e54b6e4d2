//! The stored form of an effect. A row is believed only after it is parsed into a typed state.

use super::state::{AnyEffect, Done, Effect, GaveUp, Pending, Reason, Retry, Running, State};
use super::words::{Event, Kind, Status, Why};
use crate::domain::id::{EffectId, UserId, WorkerId};
use crate::domain::machine::{self, Inconsistent, Stored};
use crate::domain::time::Timestamp;

/// What is stored of an effect: every column that a move may change, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which effect.
    pub id: EffectId,
    /// What it does.
    pub kind: Kind,
    /// Where it is.
    pub status: Status,
    /// Tries so far.
    pub tries: u32,
    /// The number of the last try it gets.
    pub tries_max: u32,
    /// Not to be tried before; set while it waits.
    pub due_at: Option<Timestamp>,
    /// The process that tries; set while RUNNING.
    pub holder: Option<WorkerId>,
    /// The end of its lease; set while RUNNING.
    pub lease_until: Option<Timestamp>,
    /// What the last try met.
    pub last_error: Option<String>,
    /// When it was done or given up.
    pub finished_at: Option<Timestamp>,
    /// Why nobody tries any more; set while GAVE_UP.
    pub gave_up_why: Option<Why>,
    /// The person who gave up on it.
    pub dismissed_by: Option<UserId>,
    /// Why, in their words.
    pub dismiss_reason: Option<String>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

impl Change {
    /// The number of the try that the row must still be at.
    #[must_use]
    pub fn tries_before(&self) -> u32 {
        // A start is the one move that raises the number; every other keeps it.
        let tries = self.row().tries;
        if self.event() == Event::Start { tries.saturating_sub(1) } else { tries }
    }
}

fn bare<S: State>(effect: Effect<S>) -> (Row, S) {
    let Effect { id, kind, tries, tries_max, state } = effect;
    let row = Row {
        id,
        kind,
        status: S::STATUS,
        tries,
        tries_max,
        due_at: None,
        holder: None,
        lease_until: None,
        last_error: None,
        finished_at: None,
        gave_up_why: None,
        dismissed_by: None,
        dismiss_reason: None,
    };
    (row, state)
}

impl From<Effect<Pending>> for Row {
    fn from(effect: Effect<Pending>) -> Self {
        let (row, Pending { due_at }) = bare(effect);
        Self { due_at: Some(due_at), ..row }
    }
}

impl From<Effect<Running>> for Row {
    fn from(effect: Effect<Running>) -> Self {
        let (row, Running { holder, lease_until }) = bare(effect);
        Self { holder: Some(holder), lease_until: Some(lease_until), ..row }
    }
}

impl From<Effect<Retry>> for Row {
    fn from(effect: Effect<Retry>) -> Self {
        let (row, Retry { due_at, error }) = bare(effect);
        Self { due_at: Some(due_at), last_error: Some(error), ..row }
    }
}

impl From<Effect<Done>> for Row {
    fn from(effect: Effect<Done>) -> Self {
        let (row, Done { at }) = bare(effect);
        Self { finished_at: Some(at), ..row }
    }
}

impl From<Effect<GaveUp>> for Row {
    fn from(effect: Effect<GaveUp>) -> Self {
        let (row, GaveUp { reason, at }) = bare(effect);
        let row = Self { finished_at: Some(at), gave_up_why: Some(reason.why()), ..row };
        match reason {
            Reason::Spent { error } | Reason::Refused { error } => Self { last_error: Some(error), ..row },
            Reason::Dismissed { by, reason, error } => {
                Self { dismissed_by: Some(by), dismiss_reason: Some(reason), last_error: error, ..row }
            }
        }
    }
}

impl TryFrom<Row> for AnyEffect {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        super::parse::parse(row)
    }
}
