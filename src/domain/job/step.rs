//! The change of a job: a step with its types forgotten, and the fence that goes with it.

use super::row::Row;
use super::words::{Event, Status};
use crate::domain::machine::{self, Stored};

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Change {
    /// The attempt that the row must still be at.
    #[must_use]
    pub fn attempt_before(&self) -> u32 {
        // A claim is the one move that raises the number; every other keeps it.
        let attempt = self.row().attempt;
        if self.event() == Event::Claim { attempt.saturating_sub(1) } else { attempt }
    }
}
