//! The sprint machine: a sprint is what its stories say, until a person puts it away.
//!
#![doc = include_str!("../../../../docs/transitions/sprint.md")]
//!
//! ```
//! use sprintgate::domain::backlog::sprint::{Shift, Status, archive, derive};
//! use sprintgate::domain::backlog::story::Status::{Done, Failed, InSprint};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let to = |shift: Shift| shift.to();
//! assert_eq!(derive(Status::Open, &[Done, Done]).map(to), Some(Status::Closed));
//! assert_eq!(derive(Status::Open, &[Done, Failed]).map(to), Some(Status::Failed));
//! assert_eq!(derive(Status::Failed, &[Done, InSprint]).map(to), Some(Status::Open));
//!
//! // What was put away stays away.
//! assert_eq!(archive(Status::Closed)?.to(), Status::Archived);
//! assert_eq!(derive(Status::Archived, &[Failed]), None);
//! assert!(archive(Status::Archived).is_err());
//! # Ok(())
//! # }
//! ```

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Shift, archive, derive, level};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
