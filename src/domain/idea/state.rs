//! What is true in each state of an idea.

use super::before::{BeforeGrill, BeforePlan, BeforeReview};
use super::text::{Markdown, Review};
use super::words::{Event, Status};
use crate::domain::id::{IdeaId, JobId, PbiId};
use crate::domain::machine::{self, states};

/// An idea in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idea<S> {
    /// Which idea.
    pub id: IdeaId,
    /// What is true in this state.
    pub state: S,
}

/// Written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft;

/// A job questions it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grilling {
    /// The job.
    pub job: JobId,
    /// What it was before.
    pub before: BeforeGrill,
}

/// The job that questioned it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrillFailed {
    /// The answers of an earlier grilling, or those that the job wrote before it failed.
    pub grill: Option<Markdown>,
    /// An earlier plan.
    pub plan: Option<Markdown>,
}

/// It is clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grilled {
    /// The answers.
    pub grill: Markdown,
    /// An earlier plan.
    pub plan: Option<Markdown>,
    /// The job that wrote the answers and may correct them until it ends; none after that.
    pub job: Option<JobId>,
}

/// A job writes its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planning {
    /// The job.
    pub job: JobId,
    /// What it was before.
    pub before: BeforePlan,
}

/// The job that planned it failed, or wrote a plan that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFailed {
    /// The answers.
    pub grill: Markdown,
    /// The plan that cannot be read, or an earlier one.
    pub plan: Option<Markdown>,
    /// The review of that plan, if there was one.
    pub review: Option<Review>,
    /// The job that wrote this plan and may correct it until it ends; none after that.
    pub job: Option<JobId>,
}

/// It has a plan that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanReady {
    /// The answers.
    pub grill: Markdown,
    /// The plan.
    pub plan: Markdown,
    /// The job that wrote the plan and may correct it until it ends; none after that.
    pub job: Option<JobId>,
}

/// A job reviews its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewingPlan {
    /// The job.
    pub job: JobId,
    /// What it was before; PLAN_READY as soon as the reviewer rewrote the plan.
    pub before: BeforeReview,
}

/// The review did not approve the plan, or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanReviewFailed {
    /// The answers.
    pub grill: Markdown,
    /// The plan.
    pub plan: Markdown,
    /// What the review said; none when it failed before it said anything.
    pub review: Option<Review>,
    /// The job that did not approve it and may change its mind until it ends; none after that.
    pub job: Option<JobId>,
}

/// The review approved the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanReviewed {
    /// The answers.
    pub grill: Markdown,
    /// The plan.
    pub plan: Markdown,
    /// What the review said.
    pub review: Review,
    /// The job that approved it and may change its mind until it ends; none after that.
    pub job: Option<JobId>,
}

/// The plan became a backlog item with stories and tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The answers.
    pub grill: Markdown,
    /// The plan.
    pub plan: Markdown,
    /// What the review said, if there was one.
    pub review: Option<Review>,
    /// The backlog item.
    pub pbi: PbiId,
}

states! {
    Idea { id }, AnyIdea: Draft, Grilling, GrillFailed, Grilled, Planning, PlanFailed, PlanReady, ReviewingPlan,
    PlanReviewFailed, PlanReviewed, Planned
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}

/// A job works on the idea, or wrote what is true of it now; it has not ended.
pub trait OfJob: State {
    /// The job.
    fn job(&self) -> Option<&JobId>;
}

macro_rules! of_job {
    ($($working:ident),+; $($answered:ident),+) => {
        $(impl OfJob for $working {
            fn job(&self) -> Option<&JobId> {
                Some(&self.job)
            }
        })+
        $(impl OfJob for $answered {
            fn job(&self) -> Option<&JobId> {
                self.job.as_ref()
            }
        })+
    };
}
of_job!(Grilling, Planning, ReviewingPlan; Grilled, PlanFailed, PlanReady, PlanReviewFailed, PlanReviewed);
