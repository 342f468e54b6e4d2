//! The worktree-lease machine: an attempt's hold on a worktree and its locks, from IDLE to RELEASED or STALE_RELEASED.

mod clauses;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
