//! What people do with an idea, and how a job that ends and does not fail leaves it.

use super::before::{BeforeGrill, BeforePlan, BeforeReview, Grillable, Plannable, Reviewable};
use super::refusal::Refusal;
use super::row::Change;
use super::start::Ready;
use super::state::{
    Draft, GrillFailed, Grilled, Grilling, Idea, OfJob, PlanFailed, PlanReady, PlanReviewFailed,
    PlanReviewed, Planned, Planning, ReviewingPlan, State, Step,
};
use super::text::{Markdown, Review};
use super::words::Event;
use crate::domain::id::{JobId, PbiId};
use crate::domain::machine::To;

impl<S: State> Idea<S> {
    fn ready(&self, ready: &Ready) -> Result<(), Refusal> {
        if ready.idea() == &self.id {
            Ok(())
        } else {
            Err(Refusal::ForeignProof { idea: ready.idea().clone() })
        }
    }
}

impl<S: OfJob> Idea<S> {
    /// Checks that it is this job the idea listens to: the one that works on it, or wrote what is true of it.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for any other.
    pub fn listens_to(&self, job: &JobId) -> Result<(), Refusal> {
        let current = self.state.job();
        if current == Some(job) {
            Ok(())
        } else {
            Err(Refusal::ForeignJob { yours: job.clone(), current: current.cloned() })
        }
    }
}

impl<S: Grillable> Idea<S> {
    /// Has a new job question it.
    ///
    /// # Errors
    /// [`Refusal::ForeignProof`] when the guards were checked for another idea.
    pub fn start_grill(self, ready: Ready, job: JobId) -> Result<Step<S, Grilling>, Refusal> {
        self.ready(&ready)?;
        Ok(self.step(Event::StartGrill, |state| Grilling { job, before: state.before_grill() }))
    }
}

impl<S: Plannable> Idea<S> {
    /// Has a new job plan it.
    ///
    /// # Errors
    /// [`Refusal::ForeignProof`] when the guards were checked for another idea.
    pub fn start_plan(self, ready: Ready, job: JobId) -> Result<Step<S, Planning>, Refusal> {
        self.ready(&ready)?;
        Ok(self.step(Event::StartPlan, |state| Planning { job, before: state.before_plan() }))
    }
}

impl<S: Reviewable> Idea<S> {
    /// Has a new job review its plan.
    ///
    /// # Errors
    /// [`Refusal::ForeignProof`] when the guards were checked for another idea.
    pub fn start_review(self, ready: Ready, job: JobId) -> Result<Step<S, ReviewingPlan>, Refusal> {
        self.ready(&ready)?;
        Ok(self.step(Event::StartReview, |state| ReviewingPlan { job, before: state.before_review() }))
    }
}

/// Where a stop brings an idea: back to the state before the job. Each state of work reaches some of these.
#[must_use = "a step changes nothing until the store applies it"]
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the state of its name")]
pub enum Moved<S: State> {
    Draft(Step<S, Draft>),
    GrillFailed(Step<S, GrillFailed>),
    Grilled(Step<S, Grilled>),
    PlanFailed(Step<S, PlanFailed>),
    PlanReady(Step<S, PlanReady>),
    PlanReviewFailed(Step<S, PlanReviewFailed>),
    PlanReviewed(Step<S, PlanReviewed>),
}

impl<S: State> From<Moved<S>> for Change {
    fn from(moved: Moved<S>) -> Self {
        match moved {
            Moved::Draft(step) => step.into(),
            Moved::GrillFailed(step) => step.into(),
            Moved::Grilled(step) => step.into(),
            Moved::PlanFailed(step) => step.into(),
            Moved::PlanReady(step) => step.into(),
            Moved::PlanReviewFailed(step) => step.into(),
            Moved::PlanReviewed(step) => step.into(),
        }
    }
}

/// One arm a state before the job: the step back into it.
macro_rules! back {
    ($idea:ident, $before:ident: $($state:ident),+) => {{
        let Idea { id, state } = $idea;
        match state.before.clone() {
            $($before::$state(before) => {
                Moved::$state(Idea { id, state }.step(Event::Stop, |_| before))
            })+
        }
    }};
}

impl Idea<Grilling> {
    /// Ends the job's work without an answer: the idea is as it was before.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn stop(self, job: &JobId) -> Result<Moved<Grilling>, Refusal> {
        self.listens_to(job)?;
        Ok(back!(self, BeforeGrill: Draft, GrillFailed, Grilled, PlanReady))
    }
}

impl Idea<Planning> {
    /// Ends the job's work without an answer: the idea is as it was before.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn stop(self, job: &JobId) -> Result<Moved<Planning>, Refusal> {
        self.listens_to(job)?;
        Ok(back!(self, BeforePlan: Grilled, PlanFailed, PlanReady, PlanReviewFailed))
    }
}

impl Idea<ReviewingPlan> {
    /// Ends the job's work without a verdict: the idea is as it was before, but for a plan that the reviewer rewrote,
    /// which nobody has reviewed.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn stop(self, job: &JobId) -> Result<Moved<ReviewingPlan>, Refusal> {
        self.listens_to(job)?;
        Ok(back!(self, BeforeReview: PlanReady, PlanReviewed, PlanReviewFailed))
    }
}

/// A job wrote what is true of the idea, and may correct it until it ends.
pub trait Authored: OfJob + To<Self> {
    /// The state without that job.
    #[must_use]
    fn without_job(self) -> Self;
}

macro_rules! authored {
    ($($state:ident),+) => {$(
        impl Authored for $state {
            fn without_job(self) -> Self {
                Self { job: None, ..self }
            }
        }
    )+};
}
authored!(Grilled, PlanReady, PlanFailed, PlanReviewed, PlanReviewFailed);

impl<S: Authored> Idea<S> {
    /// Ends the say of the job that answered: what it wrote stays, and it may not correct it any more.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn stop(self, job: &JobId) -> Result<Step<S, S>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::Stop, Authored::without_job))
    }
}

/// Its plan may become a backlog item.
pub trait Materialisable: State + To<Planned> {
    /// The answers, the plan, and the review if there was one.
    fn into_plan(self) -> (Markdown, Markdown, Option<Review>);
}

impl Materialisable for PlanReady {
    fn into_plan(self) -> (Markdown, Markdown, Option<Review>) {
        (self.grill, self.plan, None)
    }
}

impl Materialisable for PlanReviewed {
    fn into_plan(self) -> (Markdown, Markdown, Option<Review>) {
        (self.grill, self.plan, Some(self.review))
    }
}

impl<S: Materialisable> Idea<S> {
    /// Turns the plan into a backlog item. `open_job` is the job of this idea that has not ended, if there is one: it
    /// could still correct the plan.
    ///
    /// # Errors
    /// [`Refusal::JobOpen`] while there is one.
    pub fn materialise(self, pbi: PbiId, open_job: Option<JobId>) -> Result<Step<S, Planned>, Refusal> {
        if let Some(job) = open_job {
            return Err(Refusal::JobOpen { job });
        }
        Ok(self.step(Event::Materialise, |state| {
            let (grill, plan, review) = state.into_plan();
            Planned { grill, plan, review, pbi }
        }))
    }
}
