//! From a stored row to a typed idea; refuses rows that no move could have written.

use super::before::{BeforeGrill, BeforePlan, BeforeReview};
use super::row::Row;
use super::state::{
    AnyIdea, Draft, GrillFailed, Grilled, Grilling, Idea, PlanFailed, PlanReady, PlanReviewFailed,
    PlanReviewed, Planned, Planning, ReviewingPlan,
};
use super::text::{Markdown, Review};
use super::words::Status;
use crate::domain::id::JobId;
use crate::domain::machine::{Inconsistent, Reading};

pub(super) fn parse(row: Row) -> Result<AnyIdea, Inconsistent> {
    shape(&row)?;
    let Row { id, status, job_id: job, status_before_job: before, pbi_id: pbi, .. } = row;
    let key = id.clone();
    let reading = Reading::new("idea", key.as_str(), status);
    let review = row.plan_review_log.zip(row.reviewed_at).map(|(log, at)| Review { log, at });
    let texts = Texts { reading, grill: row.grill_md, plan: row.plan_md, review };
    Ok(match status {
        Status::Draft => AnyIdea::Draft(Idea { id, state: texts.draft()? }),
        Status::Grilling => {
            let (job, before) = (reading.need(job, "job_id")?, texts.before_grill(before)?);
            AnyIdea::Grilling(Idea { id, state: Grilling { job, before } })
        }
        Status::GrillFailed => AnyIdea::GrillFailed(Idea { id, state: texts.grill_failed()? }),
        Status::Grilled => AnyIdea::Grilled(Idea { id, state: texts.grilled(job)? }),
        Status::Planning => {
            let (job, before) = (reading.need(job, "job_id")?, texts.before_plan(before)?);
            AnyIdea::Planning(Idea { id, state: Planning { job, before } })
        }
        Status::PlanFailed => AnyIdea::PlanFailed(Idea { id, state: texts.plan_failed(job)? }),
        Status::PlanReady => AnyIdea::PlanReady(Idea { id, state: texts.plan_ready(job)? }),
        Status::ReviewingPlan => {
            let (job, before) = (reading.need(job, "job_id")?, texts.before_review(before)?);
            AnyIdea::ReviewingPlan(Idea { id, state: ReviewingPlan { job, before } })
        }
        Status::PlanReviewFailed => {
            AnyIdea::PlanReviewFailed(Idea { id, state: texts.plan_review_failed(job)? })
        }
        Status::PlanReviewed => AnyIdea::PlanReviewed(Idea { id, state: texts.plan_reviewed(job)? }),
        Status::Planned => {
            let pbi = reading.need(pbi, "pbi_id")?;
            let PlanReviewFailed { grill, plan, review, .. } = texts.plan_review_failed(None)?;
            AnyIdea::Planned(Idea { id, state: Planned { grill, plan, review, pbi } })
        }
    })
}

/// What every status implies, whatever else a row holds.
fn shape(row: &Row) -> Result<(), Inconsistent> {
    use Status::{Draft, GrillFailed, Grilling, Planned, Planning, ReviewingPlan};
    let reading = Reading::new("idea", row.id.as_str(), row.status);
    let at_work = matches!(row.status, Grilling | Planning | ReviewingPlan);
    reading.fits(at_work == row.status_before_job.is_some(), "status_before_job")?;
    let jobless = matches!(row.status, Draft | GrillFailed | Planned);
    reading.fits(!jobless || row.job_id.is_none(), "job_id")?;
    reading.fits((row.status == Planned) == row.pbi_id.is_some(), "pbi_id")?;
    reading.fits(row.plan_review_log.is_some() == row.reviewed_at.is_some(), "reviewed_at")
}

/// The texts of a row, from which a state at rest is read: that of the row, or the one before its job.
struct Texts<'a> {
    reading: Reading<'a>,
    grill: Option<Markdown>,
    plan: Option<Markdown>,
    review: Option<Review>,
}

impl Texts<'_> {
    fn before_grill(self, before: Option<Status>) -> Result<BeforeGrill, Inconsistent> {
        match before {
            Some(Status::Draft) => self.draft().map(BeforeGrill::Draft),
            Some(Status::GrillFailed) => self.grill_failed().map(BeforeGrill::GrillFailed),
            Some(Status::Grilled) => self.grilled(None).map(BeforeGrill::Grilled),
            Some(Status::PlanReady) => self.plan_ready(None).map(BeforeGrill::PlanReady),
            _ => Err(self.reading.misfit("status_before_job")),
        }
    }

    fn before_plan(self, before: Option<Status>) -> Result<BeforePlan, Inconsistent> {
        match before {
            Some(Status::Grilled) => self.grilled(None).map(BeforePlan::Grilled),
            Some(Status::PlanFailed) => self.plan_failed(None).map(BeforePlan::PlanFailed),
            Some(Status::PlanReady) => self.plan_ready(None).map(BeforePlan::PlanReady),
            Some(Status::PlanReviewFailed) => self.plan_review_failed(None).map(BeforePlan::PlanReviewFailed),
            _ => Err(self.reading.misfit("status_before_job")),
        }
    }

    fn before_review(self, before: Option<Status>) -> Result<BeforeReview, Inconsistent> {
        match before {
            Some(Status::PlanReady) => self.plan_ready(None).map(BeforeReview::PlanReady),
            Some(Status::PlanReviewed) => self.plan_reviewed(None).map(BeforeReview::PlanReviewed),
            Some(Status::PlanReviewFailed) => {
                self.plan_review_failed(None).map(BeforeReview::PlanReviewFailed)
            }
            _ => Err(self.reading.misfit("status_before_job")),
        }
    }

    fn draft(self) -> Result<Draft, Inconsistent> {
        self.unreviewed()?;
        self.reading.fits(self.grill.is_none(), "grill_md")?;
        self.reading.fits(self.plan.is_none(), "plan_md")?;
        Ok(Draft)
    }

    fn grill_failed(self) -> Result<GrillFailed, Inconsistent> {
        self.unreviewed()?;
        // Nothing is planned that was never grilled.
        self.reading.fits(self.grill.is_some() || self.plan.is_none(), "grill_md")?;
        Ok(GrillFailed { grill: self.grill, plan: self.plan })
    }

    fn grilled(self, job: Option<JobId>) -> Result<Grilled, Inconsistent> {
        self.unreviewed()?;
        let grill = self.reading.need(self.grill, "grill_md")?;
        Ok(Grilled { grill, plan: self.plan, job })
    }

    fn plan_failed(self, job: Option<JobId>) -> Result<PlanFailed, Inconsistent> {
        let grill = self.reading.need(self.grill, "grill_md")?;
        // A review is one of a plan, and what the job that may still write left is not reviewed.
        self.reading.fits(self.plan.is_some() || (self.review.is_none() && job.is_none()), "plan_md")?;
        self.reading.fits(self.review.is_none() || job.is_none(), "plan_review_log")?;
        Ok(PlanFailed { grill, plan: self.plan, review: self.review, job })
    }

    fn plan_ready(self, job: Option<JobId>) -> Result<PlanReady, Inconsistent> {
        self.unreviewed()?;
        let grill = self.reading.need(self.grill, "grill_md")?;
        Ok(PlanReady { grill, plan: self.reading.need(self.plan, "plan_md")?, job })
    }

    fn plan_review_failed(self, job: Option<JobId>) -> Result<PlanReviewFailed, Inconsistent> {
        let grill = self.reading.need(self.grill, "grill_md")?;
        let plan = self.reading.need(self.plan, "plan_md")?;
        // The job that may still change its mind has said something.
        self.reading.fits(self.review.is_some() || job.is_none(), "plan_review_log")?;
        Ok(PlanReviewFailed { grill, plan, review: self.review, job })
    }

    fn plan_reviewed(self, job: Option<JobId>) -> Result<PlanReviewed, Inconsistent> {
        let grill = self.reading.need(self.grill, "grill_md")?;
        let plan = self.reading.need(self.plan, "plan_md")?;
        Ok(PlanReviewed { grill, plan, review: self.reading.need(self.review, "plan_review_log")?, job })
    }

    fn unreviewed(&self) -> Result<(), Inconsistent> {
        self.reading.fits(self.review.is_none(), "plan_review_log")
    }
}
