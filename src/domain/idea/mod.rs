//! The idea machine: from DRAFT through grilling, planning and review to PLANNED (`original` 2.7).
//!
//! A job works on an idea while it is GRILLING, PLANNING or REVIEWING_PLAN. Its state then holds the job and the whole
//! state before it, so that a job which ends without an answer leaves the idea as it found it.
#![doc = include_str!("../../../docs/transitions/idea.md")]

mod answer;
mod answered;
mod before;
mod clauses;
mod fail;
mod follow;
mod moves;
mod parse;
mod plan;
mod refusal;
mod row;
pub mod start;
mod state;
mod table;
mod text;
mod words;

pub use answer::{Planner, Reviewer};
pub use answered::{Answered, NotAnswered, answered};
pub use before::{BeforeGrill, BeforePlan, BeforeReview, Grillable, Plannable, Reviewable};
pub use clauses::CLAUSES;
pub use follow::follow;
pub use moves::{Materialisable, Moved};
pub use plan::{Readable, Unreadable, read_plan};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AnyIdea, Draft, GrillFailed, Grilled, Grilling, Idea, OfJob, PlanFailed, PlanReady, PlanReviewFailed,
    PlanReviewed, Planned, Planning, ReviewingPlan, State, Step,
};
pub use table::{BORN, TRANSITIONS};
pub use text::{BadMarkdown, MARKDOWN_MAX, Markdown, Review};
pub use words::{Event, Status};
