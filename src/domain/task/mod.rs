//! The task machine: what a person plans and a job carries out. Every ended task can be reopened.
#![doc = include_str!("../../../docs/transitions/task.md")]

mod clauses;
mod follow;
mod moves;
mod row;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use follow::{follow, set};
pub use row::{Change, Row};
pub use state::{AnyTask, Done, Ended, Excluded, Failed, InProgress, Open, Review, State, Step, Task, ToDo};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
