//! The story machine: a story is what its tasks and its sprint say.
//!
#![doc = include_str!("../../../../docs/transitions/story.md")]
//!
//! ```
//! use sprintgate::domain::backlog::story::{Status, derive};
//! use sprintgate::domain::task::Status::{Done, Excluded, Failed, ToDo};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let shift = derive(Status::InSprint, &[Done, Excluded], true).ok_or("nothing changes")?;
//! assert_eq!(shift.to(), Status::Done);
//!
//! // By level: said again, nothing changes, and a task that is reopened leads back.
//! assert_eq!(derive(Status::Done, &[Done, Excluded], true), None);
//! assert_eq!(derive(Status::Done, &[ToDo, Excluded], true).map(|shift| shift.to()), Some(Status::InSprint));
//! assert_eq!(derive(Status::InSprint, &[Failed, ToDo], true).map(|shift| shift.to()), Some(Status::Failed));
//! # Ok(())
//! # }
//! ```

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Shift, derive, level};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
