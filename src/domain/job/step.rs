//! The only way out of the machine: a step that was decided and is not yet written.

use std::marker::PhantomData;

use super::row::Row;
use super::state::{Job, State};
use super::words::{Event, Status};
use crate::domain::machine::To;

/// A decided move from state `F` to state `T`.
#[must_use = "a step changes nothing until the store applies it"]
#[derive(Debug, PartialEq, Eq)]
pub struct Step<F, T> {
    on: Event,
    job: Job<T>,
    from: PhantomData<F>,
}

impl<F: State + To<T>, T: State> Step<F, T> {
    pub(super) fn new(on: Event, job: Job<T>) -> Self {
        Self { on, job, from: PhantomData }
    }

    /// What happens.
    pub fn event(&self) -> Event {
        self.on
    }

    /// The job as it will be.
    pub fn job(&self) -> &Job<T> {
        &self.job
    }
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
#[must_use = "a change is nothing until the store applies it"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    from: Status,
    from_attempt: u32,
    on: Event,
    row: Row,
}

impl Change {
    /// The status that the row must still have.
    #[must_use]
    pub fn before(&self) -> Status {
        self.from
    }

    /// The attempt that the row must still be at.
    #[must_use]
    pub fn attempt_before(&self) -> u32 {
        self.from_attempt
    }

    /// What happens.
    #[must_use]
    pub fn event(&self) -> Event {
        self.on
    }

    /// The row as it will be.
    #[must_use]
    pub fn row(&self) -> &Row {
        &self.row
    }
}

impl<F: State, T: State> From<Step<F, T>> for Change
where
    Row: From<Job<T>>,
{
    fn from(step: Step<F, T>) -> Self {
        let row = Row::from(step.job);
        // A claim is the one move that raises the number; every other keeps it.
        let from_attempt = if step.on == Event::Claim { row.attempt.saturating_sub(1) } else { row.attempt };
        Self { from: F::STATUS, from_attempt, on: step.on, row }
    }
}
