//! The words of the idea machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where an idea is.
    pub enum Status: "idea status" {
        /// Written down.
        Draft = "DRAFT",
        /// A job questions it.
        Grilling = "GRILLING",
        /// The job that questioned it failed.
        GrillFailed = "GRILL_FAILED",
        /// It is clear; the answers are kept.
        Grilled = "GRILLED",
        /// A job writes its plan.
        Planning = "PLANNING",
        /// The job that planned it failed, or wrote a plan that cannot be read.
        PlanFailed = "PLAN_FAILED",
        /// It has a plan that can be read.
        PlanReady = "PLAN_READY",
        /// A job reviews its plan.
        ReviewingPlan = "REVIEWING_PLAN",
        /// The review did not approve the plan, or failed.
        PlanReviewFailed = "PLAN_REVIEW_FAILED",
        /// The review approved the plan.
        PlanReviewed = "PLAN_REVIEWED",
        /// The plan became a backlog item with stories and tasks.
        Planned = "PLANNED",
    }
}

words! {
    /// What can happen to an idea.
    pub enum Event: "idea event" {
        /// A person has it questioned.
        StartGrill = "start_grill",
        /// The job writes the answers down.
        RecordGrill = "record_grill",
        /// The job that questions it failed.
        FailGrill = "fail_grill",
        /// A person has it planned.
        StartPlan = "start_plan",
        /// The job writes a plan that can be read.
        RecordPlan = "record_plan",
        /// The job wrote a plan that cannot be read.
        RejectPlan = "reject_plan",
        /// The job that plans it failed.
        FailPlan = "fail_plan",
        /// A person has the plan reviewed.
        StartReview = "start_review",
        /// The review approves the plan.
        Approve = "approve",
        /// The review does not approve the plan.
        Disapprove = "disapprove",
        /// The job that reviews it failed.
        FailReview = "fail_review",
        /// Its job ended and did not fail. What it wrote stays; without an answer the idea is as it was before.
        Stop = "stop",
        /// A person turns the plan into a backlog item.
        Materialise = "materialise",
    }
}
