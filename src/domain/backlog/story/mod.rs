//! The story machine: derived from its tasks, by level and reversibly.
#![doc = include_str!("../../../../docs/transitions/story.md")]

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Shift, derive, level};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
