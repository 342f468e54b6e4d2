//! The task machine: what a person plans and a job carries out.

use super::machine::words;
use super::shift::{Forbidden, Shift};

words! {
    /// Where a task is.
    pub enum Status: "task status" {
        /// Planned.
        ToDo = "TO_DO",
        /// Being worked on.
        InProgress = "IN_PROGRESS",
        /// Waits for a look.
        Review = "REVIEW",
        /// Done.
        Done = "DONE",
        /// Its job failed.
        Failed = "FAILED",
        /// Will not be done; counts as handled.
        Excluded = "EXCLUDED",
    }
}

words! {
    /// What can happen to a task.
    pub enum Event: "task event" {
        /// Work begins.
        Begin = "begin",
        /// Work stopped without a result.
        PutBack = "put_back",
        /// The work is to be looked at.
        Submit = "submit",
        /// It is done.
        Complete = "complete",
        /// It failed.
        Fail = "fail",
        /// It will not be done.
        Exclude = "exclude",
        /// It is to be done again.
        Reopen = "reopen",
    }
}

mod table {
    crate::domain::machine::transitions! {
        ToDo       => InProgress on Begin,
        ToDo       => Review     on Submit,
        ToDo       => Done       on Complete,
        ToDo       => Failed     on Fail,
        ToDo       => Excluded   on Exclude,

        InProgress => ToDo       on PutBack,
        InProgress => Review     on Submit,
        InProgress => Done       on Complete,
        InProgress => Failed     on Fail,
        InProgress => Excluded   on Exclude,

        Review     => ToDo       on PutBack,
        Review     => InProgress on Begin,
        Review     => Done       on Complete,
        Review     => Failed     on Fail,
        Review     => Excluded   on Exclude,

        Done       => ToDo       on Reopen,
        Failed     => ToDo       on Reopen,
        Excluded   => ToDo       on Reopen,
    }
}
pub use table::TRANSITIONS;

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
pub fn follow(from: Status, job: super::job::Event, to: super::job::Status) -> Option<TaskShift> {
    use super::job::{Event as Job, Status as Now};
    let event = match (job, to) {
        (Job::Start, _) => Event::Begin,
        (Job::Finish, _) => Event::Complete,
        (_, Now::Failed) => Event::Fail,
        (Job::Release | Job::Expire | Job::Cancel | Job::Skip, _) => Event::PutBack,
        (Job::Claim | Job::Fail, _) => return None,
    };
    Shift::along(TRANSITIONS, from, event).ok()
}
