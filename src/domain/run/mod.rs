//! The sprint-run machine: QUEUED, RUNNING, PAUSED, and then DONE, FAILED or CANCELLED.
#![doc = include_str!("../../../docs/transitions/sprint_run.md")]

mod clauses;
mod moves;
mod pause;
mod refusal;
mod row;
mod settle;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Continuation, REASON_MAX};
pub use pause::{LastCompleted, Pause};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use settle::{Tally, Verdict, settle};
pub use state::{AnyRun, Cancelled, Done, Failed, Live, Paused, Queued, Run, Running, State, Step};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, PauseReason, PrStrategy, Status};
