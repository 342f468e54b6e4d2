//! The task machine: what a person plans and a job carries out.

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{TaskShift, follow, set};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
