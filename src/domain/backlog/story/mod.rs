//! The story machine: a story is what its tasks and its sprint say.
//!
#![doc = include_str!("../../../../docs/transitions/story.md")]
//!
//! ```
//! use sprintgate::domain::backlog::story::{Shift, Status, derive};
//! use sprintgate::domain::task::Status::{Done, Excluded, Failed, ToDo};
//!
//! let to = |shift: Shift| shift.to();
//! assert_eq!(derive(Status::InSprint, &[Done, Excluded], true).map(to), Some(Status::Done));
//!
//! // By level: said again, nothing changes, and a task that is reopened leads back.
//! assert_eq!(derive(Status::Done, &[Done, Excluded], true), None);
//! assert_eq!(derive(Status::Done, &[ToDo, Excluded], true).map(to), Some(Status::InSprint));
//! assert_eq!(derive(Status::InSprint, &[Failed, ToDo], true).map(to), Some(Status::Failed));
//! ```

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Shift, derive, level};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
