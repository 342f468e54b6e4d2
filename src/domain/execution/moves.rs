//! What can be done with one task of a sprint job, in order of its life.

use super::passed::ExecutionPassed;
use super::refusal::Refusal;
use super::state::{Done, Execution, Failed, Open, Pending, Running, Skipped, Step, Undone, Waiver, Work};
use super::turn::Turn;
use super::words::Event;
use crate::domain::commit::CommitId;
use crate::domain::id::UserId;
use crate::domain::job::REASON_MIN;
use crate::domain::time::Timestamp;

impl Execution<Pending> {
    /// Notes that the agent begins, and the commit that its work will be judged from.
    ///
    /// # Errors
    /// [`Refusal::ForeignTurn`] for the turn of another execution.
    pub fn start(self, turn: Turn, now: Timestamp) -> Result<Step<Pending, Running>, Refusal> {
        if turn.execution() != &self.id {
            return Err(Refusal::ForeignTurn { theirs: turn.execution().clone() });
        }
        let work = Work { started_at: now, evidence: None, summary: None };
        Ok(self.step(Event::Start, |Pending { .. }| Running { base: turn.into_base(), work }))
    }
}

impl Execution<Running> {
    /// Ends the task well. The gate must have opened for this very execution, on the verdict that is stored.
    ///
    /// # Errors
    /// [`Refusal::ForeignProof`].
    pub fn finish(self, proof: ExecutionPassed, now: Timestamp) -> Result<Step<Running, Done>, Refusal> {
        if proof.execution() != &self.id || Some(proof.evidence()) != self.state.work.evidence.as_ref() {
            return Err(Refusal::ForeignProof);
        }
        let (evidence, summary) = proof.into_parts();
        Ok(self.step(Event::Finish, |Running { base, work }| Done {
            base,
            started_at: work.started_at,
            finished_at: now,
            evidence,
            summary,
        }))
    }

    /// Ends the task badly.
    pub fn fail(self, error: impl Into<String>, now: Timestamp) -> Step<Running, Failed> {
        let error = error.into();
        self.step(Event::Fail, |Running { base, work }| Failed { base, work, finished_at: now, error })
    }
}

impl<S: Open> Execution<S> {
    /// Ends the task because there is nothing to do.
    ///
    /// # Errors
    /// [`Refusal::NoReason`] under ten characters.
    pub fn skip(self, reason: &str, now: Timestamp) -> Result<Step<S, Skipped>, Refusal> {
        let reason = reasoned(reason)?;
        Ok(self.step(Event::Skip, |open| {
            let (base, work) = open.shown();
            Skipped { base, work, finished_at: now, reason, waiver: None }
        }))
    }
}

impl Execution<Skipped> {
    /// Accepts, as a person, that the task was skipped. Flows offer this to people only, never to a worker's token.
    ///
    /// # Errors
    /// [`Refusal::AlreadyWaived`]; [`Refusal::NoReason`] under ten characters.
    pub fn waive(self, by: UserId, reason: &str, now: Timestamp) -> Result<Step<Skipped, Skipped>, Refusal> {
        if let Some(waiver) = self.state.waiver {
            return Err(Refusal::AlreadyWaived { by: waiver.by });
        }
        let reason = reasoned(reason)?;
        let waiver = Some(Waiver { by, reason, at: now });
        Ok(self.step(Event::Waive, |skipped| Skipped { waiver, ..skipped }))
    }
}

impl<S: Undone> Execution<S> {
    /// Lets another attempt of the job do the task again, from nothing. `base` is the commit that the attempt goes on
    /// from, for the first task that it takes up; none for the others.
    ///
    /// # Errors
    /// [`Refusal::Waived`]: what a person accepted stays.
    pub fn put_back(self, base: Option<CommitId>) -> Result<Step<S, Pending>, Refusal> {
        if let Some(waiver) = self.state.waiver() {
            return Err(Refusal::Waived { by: waiver.by.clone() });
        }
        Ok(self.step(Event::PutBack, |_| Pending { base }))
    }
}

fn reasoned(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    let found = reason.chars().count();
    if found < REASON_MIN {
        return Err(Refusal::NoReason { min: REASON_MIN, found });
    }
    Ok(reason.to_owned())
}
