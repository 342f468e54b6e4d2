//! The task-execution machine: one task of a sprint job, from PENDING to DONE, FAILED or SKIPPED.
#![doc = include_str!("../../../docs/transitions/task_execution.md")]

mod clauses;
mod moves;
mod parse;
mod passed;
mod refusal;
mod row;
mod state;
mod table;
mod turn;
mod words;

pub use clauses::CLAUSES;
pub use passed::{ExecutionPassed, judge};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AnyExecution, Done, Execution, Failed, Open, Pending, Running, Skipped, State, Step, Undone, Waiver, Work,
};
pub use table::{BORN, TRANSITIONS};
pub use turn::{Turn, base_of, its_turn};
pub use words::{Event, Status};
