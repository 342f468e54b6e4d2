//! What a job's move does to its idea.

use super::row::Change;
use super::state::AnyIdea;
use crate::domain::id::JobId;
use crate::domain::job::Status;

/// The idea's move that goes with the job's, in the same transaction; nothing where the idea stays as it is.
///
/// A job that failed fails its idea, whatever the cause. One that ended in any other way leaves the idea as it found it,
/// when it had not answered (cancelled, or done by a person's waiver), and else as its answer made it. After any end the
/// idea does not listen to it any more. A job that is put back in the queue still works on it. A job that the idea does
/// not listen to, because it has ended or a newer one works on it, does nothing to it.
#[must_use]
pub fn follow(idea: AnyIdea, job: &JobId, now: Status) -> Option<Change> {
    match now {
        Status::Failed => fail(idea, job),
        Status::Cancelled | Status::Done => stop(idea, job),
        Status::Queued | Status::Claimed | Status::Running => None,
    }
}

fn fail(idea: AnyIdea, job: &JobId) -> Option<Change> {
    match idea {
        AnyIdea::Grilling(idea) => idea.fail_grill(job).ok().map(Change::from),
        AnyIdea::Grilled(idea) => idea.fail_grill(job).ok().map(Change::from),
        AnyIdea::Planning(idea) => idea.fail_plan(job).ok().map(Change::from),
        AnyIdea::PlanReady(idea) => idea.fail_plan(job).ok().map(Change::from),
        AnyIdea::PlanFailed(idea) => idea.fail_plan(job).ok().map(Change::from),
        AnyIdea::ReviewingPlan(idea) => idea.fail_review(job).ok().map(Change::from),
        AnyIdea::PlanReviewed(idea) => idea.fail_review(job).ok().map(Change::from),
        AnyIdea::PlanReviewFailed(idea) => idea.fail_review(job).ok().map(Change::from),
        AnyIdea::Draft(_) | AnyIdea::GrillFailed(_) | AnyIdea::Planned(_) => None,
    }
}

fn stop(idea: AnyIdea, job: &JobId) -> Option<Change> {
    match idea {
        AnyIdea::Grilling(idea) => idea.stop(job).ok().map(Change::from),
        AnyIdea::Planning(idea) => idea.stop(job).ok().map(Change::from),
        AnyIdea::ReviewingPlan(idea) => idea.stop(job).ok().map(Change::from),
        AnyIdea::Grilled(idea) => idea.stop(job).ok().map(Change::from),
        AnyIdea::PlanReady(idea) => idea.stop(job).ok().map(Change::from),
        AnyIdea::PlanFailed(idea) => idea.stop(job).ok().map(Change::from),
        AnyIdea::PlanReviewed(idea) => idea.stop(job).ok().map(Change::from),
        AnyIdea::PlanReviewFailed(idea) => idea.stop(job).ok().map(Change::from),
        AnyIdea::Draft(_) | AnyIdea::GrillFailed(_) | AnyIdea::Planned(_) => None,
    }
}
