//! The question machine: what an agent asks a person, from open to answered, cancelled, expired or closed.

mod clauses;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
