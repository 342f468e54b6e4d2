//! What is true in each state of a sprint run.

use super::pause::Pause;
use super::words::{Event, Status};
use crate::domain::id::{RunId, TaskId};
use crate::domain::machine::{self, To, states};
use crate::domain::time::Timestamp;

/// A sprint run in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<S> {
    /// Which run.
    pub id: RunId,
    /// What is true in this state.
    pub state: S,
}

/// Started; no job claimed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued;

/// Its jobs are being worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// When its first job was claimed.
    pub started_at: Timestamp,
}

/// Waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// When its first job was claimed.
    pub started_at: Timestamp,
    /// Why, and what the person needs to know.
    pub pause: Pause,
}

/// Every job ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// When its first job was claimed, if one was.
    pub started_at: Option<Timestamp>,
    /// When its last job ended.
    pub finished_at: Timestamp,
}

/// A job failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// When its first job was claimed, if one was.
    pub started_at: Option<Timestamp>,
    /// When it was known to fail.
    pub finished_at: Timestamp,
    /// Why, in words; at most 500 characters are kept.
    pub reason: String,
    /// The task whose job failed.
    pub failed_task: Option<TaskId>,
}

/// A person ended it, or its last jobs were cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// When its first job was claimed, if one was.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Timestamp,
}

states! {
    Run { id }, AnyRun: Queued, Running, Paused, Done, Failed, Cancelled
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}

/// The run has not ended.
pub trait Live: State + To<Done> + To<Failed> + To<Cancelled> {
    /// When its first job was claimed, if one was.
    fn started_at(&self) -> Option<Timestamp>;
}

impl Live for Queued {
    fn started_at(&self) -> Option<Timestamp> {
        None
    }
}

impl Live for Running {
    fn started_at(&self) -> Option<Timestamp> {
        Some(self.started_at)
    }
}

impl Live for Paused {
    fn started_at(&self) -> Option<Timestamp> {
        Some(self.started_at)
    }
}
