//! An attempt: one claim of one job, from the claim to whatever ended it. Its row is frozen at claim but for its
//! end, and its number fences every write.

mod clauses;
mod moves;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::ended_by;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
