//! Steps: the only way out of a machine. A step is decided and not yet written.

use std::marker::PhantomData;

use super::edge::{To, Transition};
use super::word::Word;

/// Keeps states ours: a state of somebody else's could be given any word, and so any move.
pub(crate) mod sealed {
    pub trait Sealed {}
}

/// A state of a machine, as a type. Only `states!` makes one:
///
/// ```compile_fail
/// use sprintgate::domain::job::{Event, Status};
/// struct Mine;
/// impl sprintgate::domain::machine::State for Mine {
///     type Status = Status;
///     type Event = Event;
///     const STATUS: Status = Status::Done;
/// }
/// ```
pub trait State: Sized + sealed::Sealed {
    /// The words of the machine's states.
    type Status: Word;
    /// The words of the machine's events.
    type Event: Word;
    /// This state's word.
    const STATUS: Self::Status;
}

/// A decided move from state `F` to state `T`, with the thing as it will be.
#[must_use = "a step changes nothing until the store applies it"]
#[derive(Debug, PartialEq, Eq)]
pub struct Step<F: State, T, N> {
    on: F::Event,
    next: N,
    states: PhantomData<(F, T)>,
}

impl<F: State, T: State<Status = F::Status, Event = F::Event>, N> Step<F, T, N> {
    pub(in crate::domain) fn new(on: F::Event, next: N) -> Self
    where
        F: To<T>,
    {
        Self { on, next, states: PhantomData }
    }

    /// The edge that it takes.
    pub fn edge(&self) -> Transition<F::Status, F::Event> {
        Transition { from: F::STATUS, on: self.on, to: T::STATUS }
    }

    /// What happens.
    pub fn event(&self) -> F::Event {
        self.on
    }

    /// The thing as it will be.
    pub fn next(&self) -> &N {
        &self.next
    }
}

/// The stored form of a machine's things.
pub trait Stored {
    /// The words of the machine's states.
    type Status: Word;
    /// The words of the machine's events.
    type Event: Word;
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
#[must_use = "a change is nothing until the store applies it"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<R: Stored> {
    edge: Transition<R::Status, R::Event>,
    row: R,
}

impl<R: Stored> Change<R> {
    /// The status that the row must still have.
    #[must_use]
    pub fn before(&self) -> R::Status {
        self.edge.from
    }

    /// What happens.
    #[must_use]
    pub fn event(&self) -> R::Event {
        self.edge.on
    }

    /// The status after.
    #[must_use]
    pub fn after(&self) -> R::Status {
        self.edge.to
    }

    /// The row as it will be.
    #[must_use]
    pub fn row(&self) -> &R {
        &self.row
    }
}

impl<F, T, N, R> From<Step<F, T, N>> for Change<R>
where
    F: State,
    T: State<Status = F::Status, Event = F::Event>,
    R: Stored<Status = F::Status, Event = F::Event> + From<N>,
{
    fn from(step: Step<F, T, N>) -> Self {
        Self { edge: Transition { from: F::STATUS, on: step.on, to: T::STATUS }, row: R::from(step.next) }
    }
}
