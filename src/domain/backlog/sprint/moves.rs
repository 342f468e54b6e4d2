//! What a sprint is, from its stories, and a person's end of it.

use super::TRANSITIONS;
use super::words::{Event, Status};
use crate::domain::backlog::story;
use crate::domain::shift::{self, Forbidden};

/// A decided change of a sprint.
pub type Shift = shift::Shift<Status, Event>;

/// What a sprint is: ARCHIVED stays; FAILED with a failed story; CLOSED when it has stories and all are done;
/// else OPEN. Only the sprint's own stories count, not others of the same backlog items.
#[must_use]
pub fn level(now: Status, stories: &[story::Status]) -> Status {
    if now == Status::Archived {
        Status::Archived
    } else if stories.contains(&story::Status::Failed) {
        Status::Failed
    } else if story::Status::all_done(stories) {
        Status::Closed
    } else {
        Status::Open
    }
}

/// Makes a sprint what its stories say; nothing when it is that already, or ARCHIVED.
#[must_use]
pub fn derive(now: Status, stories: &[story::Status]) -> Option<Shift> {
    Shift::derived(TRANSITIONS, now, Event::Derive, level(now, stories))
}

/// Puts it away, on a person's word. Nothing leads back.
///
/// # Errors
/// [`Forbidden`] when it was put away before.
pub fn archive(now: Status) -> Result<Shift, Forbidden> {
    Shift::along(TRANSITIONS, now, Event::Archive)
}
