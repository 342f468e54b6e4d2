//! What can be done with a job, in order of its life. Every move takes the job and returns a step.

use super::refusal::Refusal;
use super::shape::is_news;
use super::state::{
    ATTEMPTS_MAX, Brief, Cancelled, Claimed, Done, Failed, Held, Job, Lease, Live, Publication, Queued,
    Running, State, Step,
};
use super::step::Change;
use super::words::{EndCause, Event, Kind};
use crate::domain::backoff;
use crate::domain::gate::{Evidence, Grounds, Passed, Policy};
use crate::domain::id::{JobId, TokenId, WorkerId};
use crate::domain::time::{Millis, Timestamp};

/// Characters that a reason for skipping needs.
pub const REASON_MIN: usize = 10;

/// Who claims, and what the attempt will be judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The token that claims.
    pub token: TokenId,
    /// The process that claims.
    pub worker: WorkerId,
    /// The plan, frozen here; empty when there is none.
    pub plan: String,
    /// The gate's demand, frozen here.
    pub policy: Policy,
}

/// Where an attempt goes that ended without a result: back to the queue, or to FAILED when it was the last.
#[must_use = "a step changes nothing until the store applies it"]
#[derive(Debug, PartialEq, Eq)]
pub enum Requeue<S: State> {
    /// Another attempt is left.
    Again(Step<S, Queued>),
    /// It was the last.
    Spent(Step<S, Failed>),
}

impl<S: State> From<Requeue<S>> for Change {
    fn from(requeue: Requeue<S>) -> Self {
        match requeue {
            Requeue::Again(step) => step.into(),
            Requeue::Spent(step) => step.into(),
        }
    }
}

impl Job<Queued> {
    /// Hands the job to a worker for `lease` and freezes what it will be judged by. A new attempt begins.
    ///
    /// # Errors
    /// [`Refusal::NotYet`] while it waits after an attempt that was given back.
    pub fn claim(
        self,
        claim: Claim,
        now: Timestamp,
        lease: Millis,
    ) -> Result<Step<Queued, Claimed>, Refusal> {
        if self.state.not_before > now {
            return Err(Refusal::NotYet { until: self.state.not_before });
        }
        let next = Self { attempt: self.attempt.saturating_add(1), ..self };
        Ok(next.step(Event::Claim, |Queued { .. }| Claimed {
            lease: Lease { token: claim.token, worker: claim.worker, until: now + lease },
            brief: Brief {
                claimed_at: now,
                plan: claim.plan,
                policy: claim.policy,
                base: None,
                evidence: None,
            },
        }))
    }
}

impl Job<Claimed> {
    /// Notes that work begins, and renews the lease.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] for another attempt than the holder's.
    pub fn start(
        self,
        attempt: u32,
        now: Timestamp,
        lease: Millis,
    ) -> Result<Step<Claimed, Running>, Refusal> {
        self.held_by(attempt)?;
        Ok(self.step(Event::Start, |Claimed { lease: held, brief }| Running {
            lease: Lease { until: now + lease, ..held },
            brief,
            started_at: now,
        }))
    }
}

impl<S: Held> Job<S> {
    /// Checks the fence: only the attempt that holds the job may speak for it.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] for another attempt than the holder's.
    pub fn held_by(&self, attempt: u32) -> Result<(), Refusal> {
        if attempt == self.attempt {
            Ok(())
        } else {
            Err(Refusal::LeaseLost { yours: attempt, current: self.attempt })
        }
    }

    /// Gives the attempt back because something outside of the work was missing. The job waits a growing
    /// time; the last attempt fails it.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] for another attempt than the holder's.
    pub fn release(self, attempt: u32, why: &str, now: Timestamp) -> Result<Requeue<S>, Refusal> {
        self.held_by(attempt)?;
        let wait = backoff::after(self.attempt);
        Ok(self.requeue(Event::Release, EndCause::GivenBack, why, now, now + wait))
    }

    /// Takes the job from a worker that gave no sign of life. The last attempt fails it.
    ///
    /// # Errors
    /// [`Refusal::LeaseRuns`] while the lease runs.
    pub fn expire(self, now: Timestamp) -> Result<Requeue<S>, Refusal> {
        let until = self.state.lease().until;
        if until >= now {
            return Err(Refusal::LeaseRuns { until });
        }
        Ok(self.requeue(Event::Expire, EndCause::Expired, "the worker gave no sign of life", now, now))
    }

    fn requeue(
        self,
        on: Event,
        cause: EndCause,
        why: &str,
        now: Timestamp,
        not_before: Timestamp,
    ) -> Requeue<S> {
        if self.attempt < ATTEMPTS_MAX {
            return Requeue::Again(self.step(on, |_| Queued { not_before }));
        }
        let error = format!("attempt {} of {ATTEMPTS_MAX} ended without a result: {why}", self.attempt);
        Requeue::Spent(self.into_failed(on, cause, error, now))
    }

    fn into_failed(self, on: Event, cause: EndCause, error: String, now: Timestamp) -> Step<S, Failed> {
        self.step(on, |held| {
            let started_at = held.started_at();
            Failed { brief: held.into_brief(), started_at, finished_at: now, cause, error }
        })
    }

    /// Ends the job well. The gate must have opened for this very attempt, and what was published must be what
    /// was verified; work without code publishes nothing, and a waiver takes responsibility for what it publishes.
    ///
    /// What was changed must be published (`original` 6.7): only a verdict of EMPTY needs no publication, and one about
    /// the commit that the attempt set out from, which was published before it (`original` 9.1: `no-changes`). No
    /// setting keeps finished work back.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`], [`Refusal::ForeignProof`], [`Refusal::WrongGate`],
    /// [`Refusal::UnverifiedPublication`] or [`Refusal::Unpublished`].
    pub fn finish(
        self,
        attempt: u32,
        proof: Passed,
        publication: Option<Publication>,
        summary: Option<String>,
        now: Timestamp,
    ) -> Result<Step<S, Done>, Refusal> {
        self.held_by(attempt)?;
        if proof.job() != &self.id || proof.attempt() != attempt {
            return Err(Refusal::ForeignProof);
        }
        let fits = match proof.grounds() {
            Grounds::Verified { .. } => self.kind != Kind::SprintImplementation,
            Grounds::Aggregate { .. } => self.kind == Kind::SprintImplementation,
            Grounds::Waived { .. } => true,
            Grounds::NoCode => !self.kind.changes_code(),
        };
        if !fits {
            return Err(Refusal::WrongGate { kind: self.kind });
        }
        let publishable = match (proof.grounds(), &publication) {
            (Grounds::Waived { .. }, _) | (_, None) => true,
            // Where nothing was verified, nothing can be published.
            (_, Some(published)) => proof.commit() == Some(&published.commit),
        };
        if !publishable {
            return Err(Refusal::UnverifiedPublication);
        }
        if let (None, Grounds::Verified { result, commit } | Grounds::Aggregate { result, commit }) =
            (&publication, proof.grounds())
            && is_news(self.kind, *result, commit, self.state.brief().base.as_ref())
        {
            return Err(Refusal::Unpublished { result: *result });
        }
        let grounds = proof.into_grounds();
        Ok(self.step(Event::Finish, |held| {
            let started_at = held.started_at();
            let mut brief = held.into_brief();
            if let Grounds::Aggregate { result, commit } = &grounds {
                // The tasks' verdicts become the job's, so that it is DONE on evidence as any other.
                brief.evidence = Some(Evidence { result: *result, commit: commit.clone(), at: now });
            }
            let started_at = started_at.unwrap_or(brief.claimed_at);
            Done { brief, started_at, finished_at: now, grounds, publication, summary }
        }))
    }

    /// Ends the job badly, because the work failed or could not be published.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`] for another attempt than the holder's.
    pub fn fail(self, attempt: u32, why: Failure, now: Timestamp) -> Result<Step<S, Failed>, Refusal> {
        self.held_by(attempt)?;
        let (cause, error) = match why {
            Failure::Reported(error) => (EndCause::Reported, error),
            Failure::Push(error) => (EndCause::Push, error),
        };
        Ok(self.into_failed(Event::Fail, cause, error, now))
    }

    /// Ends the job because there is nothing to do. No gate, no failure, no cascade.
    ///
    /// # Errors
    /// [`Refusal::LeaseLost`]; [`Refusal::NotSkippable`] unless it is one task's job; [`Refusal::NoReason`] under
    /// ten characters.
    pub fn skip(self, attempt: u32, reason: &str, now: Timestamp) -> Result<Step<S, Cancelled>, Refusal> {
        self.held_by(attempt)?;
        if self.kind != Kind::TaskImplementation {
            return Err(Refusal::NotSkippable { kind: self.kind });
        }
        let reason = reason.trim();
        let found = reason.chars().count();
        if found < REASON_MIN {
            return Err(Refusal::NoReason { min: REASON_MIN, found });
        }
        let why = Stop { cause: EndCause::Skipped, caused_by: None, reason: reason.to_owned() };
        Ok(self.into_cancelled(Event::Skip, why, now))
    }
}

/// Why the work of an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The worker says so, in these words.
    Reported(String),
    /// The branch could not be published, for this reason.
    Push(String),
}

/// Why a job is cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    cause: EndCause,
    caused_by: Option<JobId>,
    reason: String,
}

impl Stop {
    /// A person wants it.
    #[must_use]
    pub fn by_user(reason: impl Into<String>) -> Self {
        Self { cause: EndCause::User, caused_by: None, reason: reason.into() }
    }

    /// A sibling under the same product backlog item failed.
    #[must_use]
    pub fn by_cascade(failed: JobId) -> Self {
        let reason = format!("job {failed} of the same backlog item failed");
        Self { cause: EndCause::Cascade, caused_by: Some(failed), reason }
    }

    /// The sprint run ended.
    #[must_use]
    pub fn by_run(caused_by: Option<JobId>, reason: impl Into<String>) -> Self {
        Self { cause: EndCause::Run, caused_by, reason: reason.into() }
    }
}

impl<S: Live> Job<S> {
    /// Ends the job without a result. A worker that holds it learns of it with its next call.
    pub fn cancel(self, why: Stop, now: Timestamp) -> Step<S, Cancelled> {
        self.into_cancelled(Event::Cancel, why, now)
    }

    fn into_cancelled(self, on: Event, why: Stop, now: Timestamp) -> Step<S, Cancelled> {
        let Stop { cause, caused_by, reason } = why;
        self.step(on, |live| Cancelled { held: live.into_held(), finished_at: now, cause, caused_by, reason })
    }
}
