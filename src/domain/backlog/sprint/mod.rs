//! The sprint machine: derived from its stories, by level and reversibly, but for ARCHIVED, which people set.
#![doc = include_str!("../../../../docs/transitions/sprint.md")]

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Shift, archive, derive, level};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
