//! The states of a task. None of them carries data: whatever else is true of a task's work stands in its job.

use super::words::{Event, Status};
use crate::domain::id::TaskId;
use crate::domain::machine::{self, To, states};

/// A task in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task<S> {
    /// Which task.
    pub id: TaskId,
    /// What is true in this state.
    pub state: S,
}

/// Planned; nothing more is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToDo;

/// Being worked on; by whom and since when stands in its job, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InProgress;

/// Waits for a look; nothing more is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review;

/// Done; the proof stands in its job, or a person said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done;

/// Failed; the error stands in its job, or a person said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed;

/// Will not be done; nothing more is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Excluded;

states! {
    Task { id }, AnyTask: ToDo, InProgress, Review, Done, Failed, Excluded
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}

/// The task is not handled yet.
pub trait Open: State + To<Done> + To<Failed> + To<Excluded> {}
impl Open for ToDo {}
impl Open for InProgress {}
impl Open for Review {}

/// The task is handled, well or badly. It can be done again.
pub trait Ended: State + To<ToDo> {}
impl Ended for Done {}
impl Ended for Failed {}
impl Ended for Excluded {}
