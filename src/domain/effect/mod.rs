//! The effect machine: one thing to be done outside of the database, from PENDING to DONE or GAVE_UP.

mod clauses;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
