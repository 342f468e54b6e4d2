//! The stored form of a task.

use super::state::{AnyTask, Done, Excluded, Failed, InProgress, Review, State, Task, ToDo};
use super::words::{Event, Status};
use crate::domain::id::TaskId;
use crate::domain::machine::{self, Stored};

/// What the status-writing statement stores of a task. Every row is a task: no column depends on the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which task.
    pub id: TaskId,
    /// Where it is.
    pub status: Status,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

impl<S: State> From<Task<S>> for Row {
    fn from(task: Task<S>) -> Self {
        Self { id: task.id, status: S::STATUS }
    }
}

impl From<Row> for AnyTask {
    fn from(row: Row) -> Self {
        let Row { id, status } = row;
        match status {
            Status::ToDo => Self::ToDo(Task { id, state: ToDo }),
            Status::InProgress => Self::InProgress(Task { id, state: InProgress }),
            Status::Review => Self::Review(Task { id, state: Review }),
            Status::Done => Self::Done(Task { id, state: Done }),
            Status::Failed => Self::Failed(Task { id, state: Failed }),
            Status::Excluded => Self::Excluded(Task { id, state: Excluded }),
        }
    }
}
