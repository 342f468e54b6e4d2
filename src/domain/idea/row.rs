//! The stored form of an idea. A row is believed only after it is parsed into a typed state.

use super::before::{BeforeGrill, BeforePlan, BeforeReview};
use super::state::{
    AnyIdea, Draft, GrillFailed, Grilled, Grilling, Idea, PlanFailed, PlanReady, PlanReviewFailed,
    PlanReviewed, Planned, Planning, ReviewingPlan, State,
};
use super::text::{Markdown, Review};
use super::words::{Event, Status};
use crate::domain::id::{IdeaId, JobId, PbiId};
use crate::domain::machine::{self, Inconsistent, Stored};
use crate::domain::time::Timestamp;

/// What the status-writing statement stores of an idea: every column that a move may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which idea.
    pub id: IdeaId,
    /// Where it is.
    pub status: Status,
    /// The job that works on it, or wrote what is true of it and has not ended.
    pub job_id: Option<JobId>,
    /// Where it was before that job; set while the job works.
    pub status_before_job: Option<Status>,
    /// The answers of the grilling.
    pub grill_md: Option<Markdown>,
    /// The plan.
    pub plan_md: Option<Markdown>,
    /// What the review said of that plan.
    pub plan_review_log: Option<String>,
    /// When it said so.
    pub reviewed_at: Option<Timestamp>,
    /// The backlog item; set while PLANNED.
    pub pbi_id: Option<PbiId>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

/// Job, answers, plan and review of a state.
type Texts = (Option<JobId>, Option<Markdown>, Option<Markdown>, Option<Review>);

fn bare<S: State>(id: IdeaId) -> Row {
    Row {
        id,
        status: S::STATUS,
        job_id: None,
        status_before_job: None,
        grill_md: None,
        plan_md: None,
        plan_review_log: None,
        reviewed_at: None,
        pbi_id: None,
    }
}

impl Row {
    fn written(self, (job_id, grill_md, plan_md, review): Texts) -> Self {
        let reviewed_at = review.as_ref().map(|review| review.at);
        let plan_review_log = review.map(|review| review.log);
        Self { job_id, grill_md, plan_md, plan_review_log, reviewed_at, ..self }
    }
}

/// Rows of the states that no job works on: what each has of job, answers, plan and review.
macro_rules! at_rest {
    ($($pattern:pat => $state:ident: ($job:expr, $grill:expr, $plan:expr, $review:expr);)+) => {$(
        impl From<Idea<$state>> for Row {
            fn from(idea: Idea<$state>) -> Self {
                let Idea { id, state: $pattern } = idea;
                bare::<$state>(id).written(($job, $grill, $plan, $review))
            }
        }
    )+};
}
at_rest! {
    Draft => Draft: (None, None, None, None);
    GrillFailed { grill, plan } => GrillFailed: (None, grill, plan, None);
    Grilled { grill, plan, job } => Grilled: (job, Some(grill), plan, None);
    PlanFailed { grill, plan, review, job } => PlanFailed: (job, Some(grill), plan, review);
    PlanReady { grill, plan, job } => PlanReady: (job, Some(grill), Some(plan), None);
    PlanReviewFailed { grill, plan, review, job } => PlanReviewFailed: (job, Some(grill), Some(plan), review);
    PlanReviewed { grill, plan, review, job } => PlanReviewed: (job, Some(grill), Some(plan), Some(review));
}

impl From<Idea<Planned>> for Row {
    fn from(idea: Idea<Planned>) -> Self {
        let Idea { id, state: Planned { grill, plan, review, pbi } } = idea;
        let row = bare::<Planned>(id).written((None, Some(grill), Some(plan), review));
        Self { pbi_id: Some(pbi), ..row }
    }
}

/// Rows of the states that a job works on: those of the state before it, with the job.
macro_rules! at_work {
    ($($state:ident, $before:ident: $($rest:ident),+;)+) => {$(
        impl From<Idea<$state>> for Row {
            fn from(idea: Idea<$state>) -> Self {
                let Idea { id, state: $state { job, before } } = idea;
                let row = match before {
                    $($before::$rest(state) => Row::from(Idea { id, state }),)+
                };
                Self {
                    status: Status::$state,
                    status_before_job: Some(row.status),
                    job_id: Some(job),
                    ..row
                }
            }
        }
    )+};
}
at_work! {
    Grilling, BeforeGrill: Draft, GrillFailed, Grilled, PlanReady;
    Planning, BeforePlan: Grilled, PlanFailed, PlanReady, PlanReviewFailed;
    ReviewingPlan, BeforeReview: PlanReady, PlanReviewed, PlanReviewFailed;
}

impl TryFrom<Row> for AnyIdea {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        super::parse::parse(row)
    }
}
