//! The product-backlog-item machine: a backlog item is what its stories say, unless a person holds it back.
//!
#![doc = include_str!("../../../../docs/transitions/pbi.md")]
//!
//! ```
//! use sprintgate::domain::backlog::pbi::{Status, block, derive, unblock};
//! use sprintgate::domain::backlog::story;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stories = [story::Status::Done, story::Status::Done];
//! assert_eq!(derive(Status::Ready, &stories).map(|shift| shift.to()), Some(Status::Done));
//!
//! // What a person holds back is not derived away, and is held back once.
//! assert_eq!(block(Status::Ready)?.to(), Status::Blocked);
//! assert_eq!(derive(Status::Blocked, &stories), None);
//! assert_eq!(
//!     block(Status::Blocked).unwrap_err().to_string(),
//!     "backlog item status BLOCKED has no `block`; legal: unblock",
//! );
//! assert_eq!(unblock(Status::Blocked)?.to(), Status::Ready);
//! # Ok(())
//! # }
//! ```

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Shift, block, derive, level, unblock};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
