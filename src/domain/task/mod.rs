//! The task machine. Every ended task can be reopened.
//!
#![doc = include_str!("../../../docs/transitions/task.md")]
//!
//! # What is known in which state
//!
//! Nothing but the state: what is true of a task's work stands in its [job](super::job), which [`follow`]
//! makes the task follow.
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::task::{Row, Status, Task, ToDo, set};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let task = Task { id: "task-1".parse()?, state: ToDo };
//! let working = task.begin().next().clone();
//! let done = working.complete().next().clone();
//!
//! // A person who names a status gets the move that leads there, or hears what is legal.
//! let refused = set(Row::from(done.clone()), Status::Review).unwrap_err();
//! assert_eq!(refused.to_string(), "task status DONE has no `REVIEW`; legal: TO_DO");
//!
//! assert_eq!(done.reopen().edge().to, Status::ToDo);
//! # Ok(())
//! # }
//! ```

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
