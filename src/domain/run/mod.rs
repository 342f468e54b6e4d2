//! The sprint-run machine: QUEUED, RUNNING, PAUSED, and then DONE, FAILED or CANCELLED.

mod moves;
mod row;
mod settle;
mod state;
mod table;
mod words;

pub use moves::{Change, REASON_MAX, Step};
pub use row::{AnyRun, Inconsistent, Row};
pub use settle::{Tally, Verdict, settle};
pub use state::{Cancelled, Done, Failed, Live, Paused, Queued, Run, Running, State};
pub use table::TRANSITIONS;
pub use words::{Event, PauseReason, PrStrategy, Status};
