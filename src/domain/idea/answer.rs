//! What a job says of its idea. An idea listens to one job only; that job may say it again and differently, for it may
//! be tried more than once.

use super::before::BeforeReview;
use super::plan::{Readable, Unreadable};
use super::refusal::Refusal;
use super::state::{
    Grilled, Grilling, Idea, OfJob, PlanFailed, PlanReady, PlanReviewFailed, PlanReviewed, Planning,
    ReviewingPlan, Step,
};
use super::text::{Markdown, Review};
use super::words::Event;
use crate::domain::id::JobId;
use crate::domain::machine::To;

impl Idea<Grilling> {
    /// Writes the answers down.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn record_grill(self, job: &JobId, grill: Markdown) -> Result<Step<Grilling, Grilled>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::RecordGrill, |Grilling { job, before }| {
            let (_, plan) = before.into_texts();
            Grilled { grill, plan, job: Some(job) }
        }))
    }
}

impl Idea<Grilled> {
    /// Corrects the answers.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job than the one that wrote them.
    pub fn record_grill(self, job: &JobId, grill: Markdown) -> Result<Step<Grilled, Grilled>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::RecordGrill, |grilled| Grilled { grill, ..grilled }))
    }
}

/// A job plans the idea, or wrote its plan.
pub trait Planner: OfJob + To<PlanReady> + To<PlanFailed> {
    /// The answers that the plan is made from.
    fn into_grill(self) -> Markdown;
}

impl Planner for Planning {
    fn into_grill(self) -> Markdown {
        self.before.into_texts().0
    }
}

impl Planner for PlanReady {
    fn into_grill(self) -> Markdown {
        self.grill
    }
}

impl Planner for PlanFailed {
    fn into_grill(self) -> Markdown {
        self.grill
    }
}

impl<S: Planner> Idea<S> {
    /// Keeps a plan that can be read. A review of an earlier one says nothing about it.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn record_plan(self, job: &JobId, plan: Readable) -> Result<Step<S, PlanReady>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::RecordPlan, |state| {
            let job = state.job().cloned();
            PlanReady { grill: state.into_grill(), plan: plan.into_text(), job }
        }))
    }

    /// Keeps a plan that cannot be read, so that its job or a person can see what is wrong with it.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn reject_plan(self, job: &JobId, plan: Unreadable) -> Result<Step<S, PlanFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::RejectPlan, |state| {
            let job = state.job().cloned();
            PlanFailed { grill: state.into_grill(), plan: Some(plan.into_text()), review: None, job }
        }))
    }
}

impl Idea<ReviewingPlan> {
    /// Rewrites the plan while it is reviewed. An earlier verdict says nothing about it.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn record_plan(
        self,
        job: &JobId,
        plan: Readable,
    ) -> Result<Step<ReviewingPlan, ReviewingPlan>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::RecordPlan, |ReviewingPlan { job, before }| {
            let (grill, ..) = before.into_texts();
            let before = BeforeReview::PlanReady(PlanReady { grill, plan: plan.into_text(), job: None });
            ReviewingPlan { job, before }
        }))
    }
}

/// A job reviews the plan, or gave a verdict on it.
pub trait Reviewer: OfJob + To<PlanReviewed> + To<PlanReviewFailed> {
    /// The answers and the plan.
    fn into_reviewed(self) -> (Markdown, Markdown);
}

impl Reviewer for ReviewingPlan {
    fn into_reviewed(self) -> (Markdown, Markdown) {
        let (grill, plan, _) = self.before.into_texts();
        (grill, plan)
    }
}

impl Reviewer for PlanReviewed {
    fn into_reviewed(self) -> (Markdown, Markdown) {
        (self.grill, self.plan)
    }
}

impl Reviewer for PlanReviewFailed {
    fn into_reviewed(self) -> (Markdown, Markdown) {
        (self.grill, self.plan)
    }
}

impl<S: Reviewer> Idea<S> {
    /// Approves the plan.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn approve(self, job: &JobId, review: Review) -> Result<Step<S, PlanReviewed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::Approve, |state| {
            let job = state.job().cloned();
            let (grill, plan) = state.into_reviewed();
            PlanReviewed { grill, plan, review, job }
        }))
    }

    /// Does not approve the plan.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn disapprove(self, job: &JobId, review: Review) -> Result<Step<S, PlanReviewFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::Disapprove, |state| {
            let job = state.job().cloned();
            let (grill, plan) = state.into_reviewed();
            PlanReviewFailed { grill, plan, review: Some(review), job }
        }))
    }
}
