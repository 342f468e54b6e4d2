//! The job machine: QUEUED, CLAIMED, RUNNING, and then DONE, FAILED or CANCELLED.
//!
//! Read `table` first. A job is a [`Job<S>`] whose state `S` carries what is true in it; a move takes the
//! job and returns a [`Step`]; a missing edge does not compile:
//!
//! ```compile_fail
//! # use sprintgate::domain::job::{Job, Queued};
//! # fn no_skipping_claimed(job: Job<Queued>) {
//! let step = job.start(1, Default::default(), Default::default());
//! # }
//! ```
#![doc = include_str!("../../../docs/transitions/job.md")]

mod clauses;
mod moves;
mod parse;
mod refusal;
mod row;
mod state;
mod step;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Claim, Failure, REASON_MIN, Requeue, Stop};
pub use refusal::Refusal;
pub use row::Row;
pub use state::{
    ATTEMPTS_MAX, AnyJob, Brief, Cancelled, Claimed, Done, Failed, Held, Job, LEASE, Lease, Live,
    Publication, Queued, Running, State, Step,
};
pub use step::Change;
pub use table::{BORN, TRANSITIONS};
pub use words::{EndCause, Event, Kind, Status};
