//! What a backlog item is, from its stories (`original` 2.3), and a person's hold on it.

use super::TRANSITIONS;
use super::words::{Event, Status};
use crate::domain::backlog::story;
use crate::domain::shift::{self, Forbidden};

/// A decided change of a backlog item.
pub type Shift = shift::Shift<Status, Event>;

/// What a backlog item is: BLOCKED stays; FAILED with a failed story; DONE when it has stories and all are
/// done; else READY.
#[must_use]
pub fn level(now: Status, stories: &[story::Status]) -> Status {
    if now == Status::Blocked {
        Status::Blocked
    } else if stories.contains(&story::Status::Failed) {
        Status::Failed
    } else if story::Status::all_done(stories) {
        Status::Done
    } else {
        Status::Ready
    }
}

/// Makes a backlog item what its stories say; nothing when it is that already, or BLOCKED.
#[must_use]
pub fn derive(now: Status, stories: &[story::Status]) -> Option<Shift> {
    Shift::derived(TRANSITIONS, now, Event::Derive, level(now, stories))
}

/// Holds it back, on a person's word.
///
/// # Errors
/// [`Forbidden`] when it is held back already.
pub fn block(now: Status) -> Result<Shift, Forbidden> {
    Shift::along(TRANSITIONS, now, Event::Block)
}

/// Lets it go on, on a person's word: READY, until it is derived in the same transaction.
///
/// # Errors
/// [`Forbidden`] when it is not held back.
pub fn unblock(now: Status) -> Result<Shift, Forbidden> {
    Shift::along(TRANSITIONS, now, Event::Unblock)
}
