//! What can be done with a sprint run, in order of its life.

use std::marker::PhantomData;

use super::row::Row;
use super::state::{Cancelled, Done, Failed, Live, Paused, Queued, Run, Running, State};
use super::words::{Event, PauseReason, Status};
use crate::domain::id::TaskId;
use crate::domain::machine::To;
use crate::domain::time::Timestamp;

/// Characters of a failure's reason that are kept (`original` 2.5).
pub const REASON_MAX: usize = 500;

/// A decided move from state `F` to state `T`.
#[must_use = "a step changes nothing until the store applies it"]
#[derive(Debug, PartialEq, Eq)]
pub struct Step<F, T> {
    on: Event,
    run: Run<T>,
    from: PhantomData<F>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
#[must_use = "a change is nothing until the store applies it"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    from: Status,
    on: Event,
    row: Row,
}

impl Change {
    /// The status that the row must still have.
    #[must_use]
    pub fn before(&self) -> Status {
        self.from
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
    Row: From<Run<T>>,
{
    fn from(step: Step<F, T>) -> Self {
        Self { from: F::STATUS, on: step.on, row: Row::from(step.run) }
    }
}

impl<S: State> Run<S> {
    fn step<T: State>(self, on: Event, to: impl FnOnce(S) -> T) -> Step<S, T>
    where
        S: To<T>,
    {
        Step { on, run: Run { id: self.id, state: to(self.state) }, from: PhantomData }
    }
}

impl Run<Queued> {
    /// Notes that the first job was claimed.
    pub fn claim_first(self, now: Timestamp) -> Step<Queued, Running> {
        self.step(Event::ClaimFirst, |Queued| Running { started_at: now })
    }
}

impl Run<Running> {
    /// Stops handing out jobs until a person resumes.
    pub fn pause(self, reason: PauseReason) -> Step<Running, Paused> {
        self.step(Event::Pause, |Running { started_at }| Paused { started_at, reason })
    }
}

impl Run<Paused> {
    /// Hands out jobs again.
    pub fn resume(self) -> Step<Paused, Running> {
        self.step(Event::Resume, |Paused { started_at, .. }| Running { started_at })
    }
}

impl<S: Live> Run<S> {
    /// Ends the run well.
    pub fn complete(self, now: Timestamp) -> Step<S, Done> {
        self.step(Event::Complete, |live| Done { started_at: live.started_at(), finished_at: now })
    }

    /// Ends the run badly.
    pub fn fail(self, reason: &str, failed_task: Option<TaskId>, now: Timestamp) -> Step<S, Failed> {
        let reason: String = reason.chars().take(REASON_MAX).collect();
        self.step(Event::Fail, |live| Failed {
            started_at: live.started_at(),
            finished_at: now,
            reason,
            failed_task,
        })
    }

    /// Ends the run without a result.
    pub fn cancel(self, now: Timestamp) -> Step<S, Cancelled> {
        self.step(Event::Cancel, |live| Cancelled { started_at: live.started_at(), finished_at: now })
    }
}
