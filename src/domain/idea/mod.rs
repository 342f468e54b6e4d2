//! The idea machine: from DRAFT through grilling, planning and review to PLANNED (`original` 2.7).
//!
//! A job works on an idea while it is GRILLING, PLANNING or REVIEWING_PLAN. Its state then holds the job and
//! the whole state before it, so that a job which ends without an answer leaves the idea as it found it. A job that
//! has ended, in whatever way, has no further say.
//!
#![doc = include_str!("../../../docs/transitions/idea.md")]
//!
//! The table goes on to the right; [in a picture](#in-a-picture) it can be seen whole.
//!
//! # What is known in which state
//!
//! | state | data |
//! |---|---|
//! | [`Draft`] | nothing yet |
//! | [`Grilling`], [`Planning`], [`ReviewingPlan`] | the job, and the state before it |
//! | [`Grilled`] | the answers, an earlier plan |
//! | [`PlanReady`] | the answers and a plan that can be read |
//! | [`PlanReviewed`] | the same, and the review |
//! | [`GrillFailed`], [`PlanFailed`], [`PlanReviewFailed`] | the texts that there are |
//! | [`Planned`] | the texts and the backlog item |
//!
//! Where a job wrote what is true, its id stands there too: until it ends that job may correct it, and no other.
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::id::JobId;
//! use sprintgate::domain::idea::start::{CannotStart, Facts, check};
//! use sprintgate::domain::idea::{Draft, Idea, Markdown, Refusal, Status};
//! use sprintgate::domain::time::Timestamp;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (now, job) = (Timestamp(0), "job-1".parse::<JobId>()?);
//! let facts = Facts {
//!     idea: "idea-1".parse()?,
//!     owner: "ann".parse()?,
//!     caller: "ann".parse()?,
//!     product: Some("shop".parse()?),
//!     has_repository: true,
//!     open_job: None,
//!     worker_seen_at: None,
//!     now,
//! };
//! // A job begins only with the proof that everything is there for it.
//! assert_eq!(check(&facts), Err(CannotStart::NoWorker { seen_at: None }));
//! let ready = check(&Facts { worker_seen_at: Some(now), ..facts })?;
//!
//! let idea = Idea { id: "idea-1".parse()?, state: Draft };
//! let grilling = idea.start_grill(ready, job.clone())?.next().clone();
//!
//! // It listens to that job only.
//! let (other, answers) = ("job-2".parse()?, Markdown::new("Orders are paid in advance.")?);
//! let foreign = grilling.clone().record_grill(&other, answers.clone());
//! assert!(matches!(foreign, Err(Refusal::ForeignJob { .. })));
//! assert_eq!(grilling.record_grill(&job, answers)?.edge().to, Status::Grilled);
//! # Ok(())
//! # }
//! ```
//!
//! # In a picture
//!
#![doc = include_str!("../../../docs/transitions/idea.svg")]

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
pub use moves::{Authored, Materialisable, Moved};
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
