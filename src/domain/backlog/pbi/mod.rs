//! The product-backlog-item machine: derived from its stories, by level and reversibly, but for BLOCKED, which people
//! set.
#![doc = include_str!("../../../../docs/transitions/pbi.md")]

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Shift, block, derive, level, unblock};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
