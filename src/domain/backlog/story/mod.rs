//! The story machine: derived from its tasks, by level and reversibly.

mod clauses;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
