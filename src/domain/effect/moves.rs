//! What can be done with an effect, in order of its life.

use super::refusal::Refusal;
use super::row::Change;
use super::state::{
    Done, Due, Effect, GaveUp, Met, PUT_OFF_MAX, Pending, Reason, Retry, Running, State, Step, TRIES_MAX,
};
use super::words::Event;
use crate::domain::actor::Actor;
use crate::domain::backoff;
use crate::domain::id::{UserId, WorkerId};
use crate::domain::job::REASON_MIN;
use crate::domain::time::{Millis, Timestamp};

/// Characters of an error that are kept.
pub const ERROR_MAX: usize = 2000;

/// Where a try goes that did not do it: to the next, or nowhere when it was the last.
#[must_use = "a step changes nothing until the store applies it"]
#[derive(Debug, PartialEq, Eq)]
pub enum Moved<S: State> {
    /// Another try is left.
    Again(Step<S, Retry>),
    /// It was the last.
    Spent(Step<S, GaveUp>),
}

impl<S: State> From<Moved<S>> for Change {
    fn from(moved: Moved<S>) -> Self {
        match moved {
            Moved::Again(step) => step.into(),
            Moved::Spent(step) => step.into(),
        }
    }
}

impl<S: Due> Effect<S> {
    /// Hands it to a process for `lease`. A new try begins, and counts whatever comes of it.
    ///
    /// # Errors
    /// [`Refusal::NotDue`] before its time.
    pub fn start(self, holder: WorkerId, now: Timestamp, lease: Millis) -> Result<Step<S, Running>, Refusal> {
        let due_at = self.state.due_at();
        if due_at > now {
            return Err(Refusal::NotDue { due_at });
        }
        let next = Self { tries: self.tries.saturating_add(1), ..self };
        Ok(next.step(Event::Start, |_| Running { holder, lease_until: now + lease }))
    }

    /// Gives up on it by a person's word.
    ///
    /// # Errors
    /// [`Refusal::NotAPerson`], or [`Refusal::NoReason`] under ten characters.
    pub fn dismiss(self, by: &Actor, reason: &str, now: Timestamp) -> Result<Step<S, GaveUp>, Refusal> {
        let by = person(by)?.clone();
        let reason = reason.trim();
        let found = reason.chars().count();
        if found < REASON_MIN {
            return Err(Refusal::NoReason { min: REASON_MIN, found });
        }
        let reason = reason.to_owned();
        Ok(self.step(Event::Dismiss, |due| {
            let reason = Reason::Dismissed { by, reason, error: due.into_error() };
            GaveUp { reason, at: now }
        }))
    }
}

impl Effect<Running> {
    /// Checks the fence: only the try that runs may speak for the effect.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] for another try.
    pub fn held_by(&self, number: u32) -> Result<(), Refusal> {
        if number == self.tries {
            Ok(())
        } else {
            Err(Refusal::LeaseLost { yours: number, current: self.tries })
        }
    }

    /// Notes that it was done, or found done.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] for another try.
    pub fn succeed(self, number: u32, now: Timestamp) -> Result<Step<Running, Done>, Refusal> {
        self.held_by(number)?;
        Ok(self.step(Event::Succeed, |Running { .. }| Done { at: now }))
    }

    /// Notes that the try failed in a way that another may not. It waits a growing time; after the last try nobody
    /// tries any more.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] for another try.
    pub fn fail(self, number: u32, met: impl Into<Met>, now: Timestamp) -> Result<Moved<Running>, Refusal> {
        self.held_by(number)?;
        Ok(self.retry(Event::Fail, met.into(), now))
    }

    /// Notes that the try failed in a way that every other would.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] for another try.
    pub fn refuse(self, number: u32, error: &str, now: Timestamp) -> Result<Step<Running, GaveUp>, Refusal> {
        self.held_by(number)?;
        let reason = Reason::Refused { error: kept(error) };
        Ok(self.step(Event::Refuse, |Running { .. }| GaveUp { reason, at: now }))
    }

    /// Takes it from a process that gave no sign of life. It waits as after a failure, for the effect may be what
    /// ended the process; the last try gives up.
    ///
    /// # Errors
    /// [`Refusal::LeaseRuns`] while the lease runs.
    pub fn expire(self, now: Timestamp) -> Result<Moved<Running>, Refusal> {
        let until = self.state.lease_until;
        if until >= now {
            return Err(Refusal::LeaseRuns { until });
        }
        Ok(self.retry(Event::Expire, "the process that tried gave no sign of life".into(), now))
    }

    fn retry(self, on: Event, met: Met, now: Timestamp) -> Moved<Running> {
        let error = kept(&met.error);
        if self.tries < self.tries_max {
            let before = self.tries_max.saturating_sub(TRIES_MAX);
            let wait = backoff::after(self.tries.saturating_sub(before));
            let asked = met.not_before.map_or(now, |at| at.min(now + PUT_OFF_MAX));
            let due_at = asked.max(now + backoff::spread(wait, met.dice));
            return Moved::Again(self.step(on, |Running { .. }| Retry { due_at, error }));
        }
        Moved::Spent(self.step(on, |Running { .. }| GaveUp { reason: Reason::Spent { error }, at: now }))
    }
}

impl Effect<GaveUp> {
    /// Has it tried again, at once and as often as at first. The numbers of its tries go on, so that an old try
    /// stays fenced off.
    ///
    /// # Errors
    /// [`Refusal::NotAPerson`].
    pub fn again(self, by: &Actor, now: Timestamp) -> Result<Step<GaveUp, Pending>, Refusal> {
        person(by)?;
        let next = Self { tries_max: self.tries.saturating_add(TRIES_MAX), ..self };
        Ok(next.step(Event::Again, |GaveUp { .. }| Pending { due_at: now }))
    }
}

fn person(by: &Actor) -> Result<&UserId, Refusal> {
    by.person().ok_or(Refusal::NotAPerson { kind: by.kind() })
}

/// What a try met is said by others, in whatever letters; not every database can keep a NUL.
fn kept(error: &str) -> String {
    error.chars().filter(|letter| *letter != '\0').take(ERROR_MAX).collect()
}
