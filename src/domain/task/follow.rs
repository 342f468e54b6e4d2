//! Which move a task makes when a person names a status, or when its job moves.

use super::TRANSITIONS;
use super::row::{Change, Row};
use super::state::AnyTask;
use super::words::{Event, Status};
use crate::domain::job;
use crate::domain::shift::Forbidden;

/// Takes a task where a person or planner wants it; nothing when it is there already.
///
/// # Errors
/// [`Forbidden`] where the table has no edge.
pub fn set(task: Row, to: Status) -> Result<Option<Change>, Forbidden> {
    let from = task.status;
    if from == to {
        return Ok(None);
    }
    let event = match to {
        Status::ToDo if matches!(from, Status::Done | Status::Failed | Status::Excluded) => Event::Reopen,
        Status::ToDo => Event::PutBack,
        Status::InProgress => Event::Begin,
        Status::Review => Event::Submit,
        Status::Done => Event::Complete,
        Status::Failed => Event::Fail,
        Status::Excluded => Event::Exclude,
    };
    fire(task, event).map(Some).ok_or_else(|| Forbidden::to(TRANSITIONS, from, to))
}

/// What a job's move does to its task; nothing where the task stays as it is.
///
/// A claim changes nothing yet; a finished job completes the task, a failed one fails it; work that stopped
/// without a result puts it back. A task that a person has meanwhile excluded or handled otherwise stays so.
#[must_use]
pub fn follow(task: Row, moved: &job::Change) -> Option<Change> {
    use crate::domain::job::{Event as Job, Status as Now};
    let event = match (moved.event(), moved.after()) {
        (Job::Start, _) => Event::Begin,
        (Job::Finish, _) => Event::Complete,
        (_, Now::Failed) => Event::Fail,
        (Job::Release | Job::Expire | Job::Cancel | Job::Skip, _) => Event::PutBack,
        (Job::Claim | Job::Fail, _) => return None,
    };
    fire(task, event)
}

/// The typed move of an event; nothing where the task's state has none.
fn fire(task: Row, event: Event) -> Option<Change> {
    use AnyTask::{Done, Excluded, Failed, InProgress, Review, ToDo};
    Some(match (event, AnyTask::from(task)) {
        (Event::Begin, ToDo(task)) => task.begin().into(),
        (Event::Begin, Review(task)) => task.begin().into(),
        (Event::PutBack, InProgress(task)) => task.put_back().into(),
        (Event::PutBack, Review(task)) => task.put_back().into(),
        (Event::Submit, ToDo(task)) => task.submit().into(),
        (Event::Submit, InProgress(task)) => task.submit().into(),
        (Event::Complete, ToDo(task)) => task.complete().into(),
        (Event::Complete, InProgress(task)) => task.complete().into(),
        (Event::Complete, Review(task)) => task.complete().into(),
        (Event::Fail, ToDo(task)) => task.fail().into(),
        (Event::Fail, InProgress(task)) => task.fail().into(),
        (Event::Fail, Review(task)) => task.fail().into(),
        (Event::Exclude, ToDo(task)) => task.exclude().into(),
        (Event::Exclude, InProgress(task)) => task.exclude().into(),
        (Event::Exclude, Review(task)) => task.exclude().into(),
        (Event::Reopen, Done(task)) => task.reopen().into(),
        (Event::Reopen, Failed(task)) => task.reopen().into(),
        (Event::Reopen, Excluded(task)) => task.reopen().into(),
        (Event::Begin | Event::Submit, InProgress(_) | Review(_) | Done(_) | Failed(_) | Excluded(_))
        | (Event::PutBack, ToDo(_) | Done(_) | Failed(_) | Excluded(_))
        | (Event::Complete | Event::Fail | Event::Exclude, Done(_) | Failed(_) | Excluded(_))
        | (Event::Reopen, ToDo(_) | InProgress(_) | Review(_)) => return None,
    })
}
