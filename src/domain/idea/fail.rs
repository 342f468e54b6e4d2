//! How a job that fails leaves its idea: failed in the same way, also where it had answered already, and with every text
//! kept. The job may not write any more.

use super::moves::Authored;
use super::refusal::Refusal;
use super::state::{
    GrillFailed, Grilled, Grilling, Idea, PlanFailed, PlanReady, PlanReviewFailed, PlanReviewed, Planning,
    ReviewingPlan, Step,
};
use super::words::Event;
use crate::domain::id::JobId;

impl Idea<Grilling> {
    /// Notes that the job failed.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn fail_grill(self, job: &JobId) -> Result<Step<Grilling, GrillFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::FailGrill, |Grilling { before, .. }| {
            let (grill, plan) = before.into_texts();
            GrillFailed { grill, plan }
        }))
    }
}

impl Idea<Grilled> {
    /// Notes that the job failed after it had written the answers.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn fail_grill(self, job: &JobId) -> Result<Step<Grilled, GrillFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self
            .step(Event::FailGrill, |Grilled { grill, plan, .. }| GrillFailed { grill: Some(grill), plan }))
    }
}

impl Idea<Planning> {
    /// Notes that the job failed.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn fail_plan(self, job: &JobId) -> Result<Step<Planning, PlanFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::FailPlan, |Planning { before, .. }| {
            let (grill, plan, review) = before.into_texts();
            PlanFailed { grill, plan, review, job: None }
        }))
    }
}

impl Idea<PlanReady> {
    /// Notes that the job failed after it had written the plan.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn fail_plan(self, job: &JobId) -> Result<Step<PlanReady, PlanFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::FailPlan, |PlanReady { grill, plan, .. }| PlanFailed {
            grill,
            plan: Some(plan),
            review: None,
            job: None,
        }))
    }
}

impl Idea<PlanFailed> {
    /// Notes that the job failed after it had written a plan that cannot be read.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn fail_plan(self, job: &JobId) -> Result<Step<PlanFailed, PlanFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::FailPlan, Authored::without_job))
    }
}

impl Idea<ReviewingPlan> {
    /// Notes that the job failed.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn fail_review(self, job: &JobId) -> Result<Step<ReviewingPlan, PlanReviewFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::FailReview, |ReviewingPlan { before, .. }| {
            let (grill, plan, review) = before.into_texts();
            PlanReviewFailed { grill, plan, review, job: None }
        }))
    }
}

impl Idea<PlanReviewed> {
    /// Notes that the job failed after it had approved the plan.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn fail_review(self, job: &JobId) -> Result<Step<PlanReviewed, PlanReviewFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::FailReview, |PlanReviewed { grill, plan, review, .. }| PlanReviewFailed {
            grill,
            plan,
            review: Some(review),
            job: None,
        }))
    }
}

impl Idea<PlanReviewFailed> {
    /// Notes that the job failed after it had not approved the plan.
    ///
    /// # Errors
    /// [`Refusal::ForeignJob`] for another job.
    pub fn fail_review(self, job: &JobId) -> Result<Step<PlanReviewFailed, PlanReviewFailed>, Refusal> {
        self.listens_to(job)?;
        Ok(self.step(Event::FailReview, Authored::without_job))
    }
}
