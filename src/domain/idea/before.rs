//! What an idea was before a job began, kept whole while the job works: this is where a stop brings it back to.

use super::moves::Authored;
use super::state::{
    Draft, GrillFailed, Grilled, PlanFailed, PlanReady, PlanReviewFailed, PlanReviewed, State,
};
use super::state::{Grilling, Planning, ReviewingPlan};
use super::text::{Markdown, Review};
use crate::domain::machine::To;

/// What an idea was before it was GRILLING.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the state of its name")]
pub enum BeforeGrill {
    Draft(Draft),
    GrillFailed(GrillFailed),
    Grilled(Grilled),
    PlanReady(PlanReady),
}

/// What an idea was before it was PLANNING.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the state of its name")]
pub enum BeforePlan {
    Grilled(Grilled),
    PlanFailed(PlanFailed),
    PlanReady(PlanReady),
    PlanReviewFailed(PlanReviewFailed),
}

/// What an idea was before it was REVIEWING_PLAN.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the state of its name")]
pub enum BeforeReview {
    PlanReady(PlanReady),
    PlanReviewed(PlanReviewed),
    PlanReviewFailed(PlanReviewFailed),
}

/// A job may question the idea.
pub trait Grillable: State + To<Grilling> {
    /// The state, without the job that led to it: that one has ended and may not write any more.
    fn before_grill(self) -> BeforeGrill;
}

/// A job may plan the idea.
pub trait Plannable: State + To<Planning> {
    /// The state, without the job that led to it: that one has ended and may not write any more.
    fn before_plan(self) -> BeforePlan;
}

/// A job may review the idea's plan.
pub trait Reviewable: State + To<ReviewingPlan> {
    /// The state, without the job that led to it: that one has ended and may not write any more.
    fn before_review(self) -> BeforeReview;
}

impl Grillable for Draft {
    fn before_grill(self) -> BeforeGrill {
        BeforeGrill::Draft(self)
    }
}

impl Grillable for GrillFailed {
    fn before_grill(self) -> BeforeGrill {
        BeforeGrill::GrillFailed(self)
    }
}

macro_rules! jobless {
    ($($trait:ident $before:ident: $enum:ident for $($state:ident),+;)+) => {$($(
        impl $trait for $state {
            fn $before(self) -> $enum {
                $enum::$state(self.without_job())
            }
        }
    )+)+};
}
jobless! {
    Grillable before_grill: BeforeGrill for Grilled, PlanReady;
    Plannable before_plan: BeforePlan for Grilled, PlanFailed, PlanReady, PlanReviewFailed;
    Reviewable before_review: BeforeReview for PlanReady, PlanReviewed, PlanReviewFailed;
}

impl BeforeGrill {
    /// The answers and the plan that there were.
    pub(super) fn into_texts(self) -> (Option<Markdown>, Option<Markdown>) {
        match self {
            Self::Draft(Draft) => (None, None),
            Self::GrillFailed(GrillFailed { grill, plan }) => (grill, plan),
            Self::Grilled(Grilled { grill, plan, .. }) => (Some(grill), plan),
            Self::PlanReady(PlanReady { grill, plan, .. }) => (Some(grill), Some(plan)),
        }
    }
}

impl BeforePlan {
    /// The answers, and the plan and review that there were.
    pub(super) fn into_texts(self) -> (Markdown, Option<Markdown>, Option<Review>) {
        match self {
            Self::Grilled(Grilled { grill, plan, .. }) => (grill, plan, None),
            Self::PlanFailed(PlanFailed { grill, plan, review, .. }) => (grill, plan, review),
            Self::PlanReady(PlanReady { grill, plan, .. }) => (grill, Some(plan), None),
            Self::PlanReviewFailed(PlanReviewFailed { grill, plan, review, .. }) => {
                (grill, Some(plan), review)
            }
        }
    }
}

impl BeforeReview {
    /// The answers, the plan, and the review that there was.
    pub(super) fn into_texts(self) -> (Markdown, Markdown, Option<Review>) {
        match self {
            Self::PlanReady(PlanReady { grill, plan, .. }) => (grill, plan, None),
            Self::PlanReviewed(PlanReviewed { grill, plan, review, .. }) => (grill, plan, Some(review)),
            Self::PlanReviewFailed(PlanReviewFailed { grill, plan, review, .. }) => (grill, plan, review),
        }
    }
}
