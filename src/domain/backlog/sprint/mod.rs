//! The sprint machine: derived from its stories, but for ARCHIVED, which people set.

mod clauses;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
