//! How a task moves: by a person's or planner's word, or after its job.

use super::TRANSITIONS;
use super::words::{Event, Status};
use crate::domain::shift::{Forbidden, Shift};

/// A decided change of a task.
pub type TaskShift = Shift<Status, Event>;

/// Takes a task where a person or planner wants it.
///
/// # Errors
/// [`Forbidden`] where the table has no edge.
pub fn set(from: Status, to: Status) -> Result<Option<TaskShift>, Forbidden> {
    Shift::between(TRANSITIONS, from, to)
}

/// What a job's move does to its task; nothing where the task stays as it is.
///
/// A claim changes nothing yet; a finished job completes the task, a failed one fails it; work that stopped
/// without a result puts it back. A task that a person has meanwhile excluded or reopened is only moved along
/// edges of the table.
#[must_use]
pub fn follow(
    from: Status,
    job: crate::domain::job::Event,
    to: crate::domain::job::Status,
) -> Option<TaskShift> {
    use crate::domain::job::{Event as Job, Status as Now};
    let event = match (job, to) {
        (Job::Start, _) => Event::Begin,
        (Job::Finish, _) => Event::Complete,
        (_, Now::Failed) => Event::Fail,
        (Job::Release | Job::Expire | Job::Cancel | Job::Skip, _) => Event::PutBack,
        (Job::Claim | Job::Fail, _) => return None,
    };
    Shift::along(TRANSITIONS, from, event).ok()
}
