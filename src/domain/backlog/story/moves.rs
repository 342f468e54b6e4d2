//! What a story is, from its tasks and its sprint (`original` 2.3).

use super::TRANSITIONS;
use super::words::{Event, Status};
use crate::domain::{shift, task};

/// A decided change of a story.
pub type Shift = shift::Shift<Status, Event>;

/// What a story is: FAILED with a failed task; DONE when all tasks are handled (done or excluded, at least one
/// done); else IN_SPRINT or OPEN.
#[must_use]
pub fn level(tasks: &[task::Status], in_sprint: bool) -> Status {
    let handled = tasks.iter().all(|t| matches!(t, task::Status::Done | task::Status::Excluded));
    if tasks.contains(&task::Status::Failed) {
        Status::Failed
    } else if handled && tasks.contains(&task::Status::Done) {
        Status::Done
    } else if in_sprint {
        Status::InSprint
    } else {
        Status::Open
    }
}

/// Makes a story what its tasks and its sprint say; nothing when it is that already.
#[must_use]
pub fn derive(now: Status, tasks: &[task::Status], in_sprint: bool) -> Option<Shift> {
    Shift::derived(TRANSITIONS, now, Event::Derive, level(tasks, in_sprint))
}
