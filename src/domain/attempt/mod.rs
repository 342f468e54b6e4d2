//! The attempt machine: one claim of one job, HELD, and then whatever ended it. What a claim froze never changes, and
//! the number fences every write. An attempt ends with its job's move, and with nothing else.
#![doc = include_str!("../../../docs/transitions/attempt.md")]

mod clauses;
mod moves;
mod refusal;
mod row;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::ended_by;
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AnyAttempt, Attempt, Cancelled, Expired, Failed, Finished, Frozen, GivenBack, Held, Skipped, State, Step,
};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
