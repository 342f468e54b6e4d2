//! The idea machine: from DRAFT through grilling, planning and review to PLANNED.

mod clauses;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
