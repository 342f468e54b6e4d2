//! The pull-request machine, for a story (merged by itself when its checks pass) and for a sprint (a draft made ready for people).

mod clauses;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
