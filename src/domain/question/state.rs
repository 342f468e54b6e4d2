//! What is true in each state of a question.

use super::asked::Asked;
use super::words::{Event, Status};
use crate::domain::id::{QuestionId, UserId};
use crate::domain::machine::{self, states};
use crate::domain::time::Timestamp;

/// A question in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question<S> {
    /// Which question.
    pub id: QuestionId,
    /// What was frozen when it was asked.
    pub asked: Asked,
    /// What is true in this state.
    pub state: S,
}

/// Waits for an answer until `asked.expires_at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open;

/// A person answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The answer; one of the options where there are any.
    pub answer: String,
    /// Who gave it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// The asker withdrew it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled;

/// Nobody answered in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired;

/// What it was asked for was settled in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed;

states! {
    Question { id, asked }, AnyQuestion: Open, Answered, Cancelled, Expired, Closed
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}
