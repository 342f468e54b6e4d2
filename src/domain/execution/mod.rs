//! The task-execution machine: one task of a sprint job, from PENDING to DONE, FAILED or SKIPPED.

mod clauses;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
