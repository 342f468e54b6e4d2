//! What must always hold, each by its number and in a sentence. I-numbers are those of the list of invariants that the
//! program promises; W-numbers are the walk's own.

mod backlog;
mod gate;
mod ledger;
mod ownership;
mod runs;
mod table;

pub(super) use table::{INVARIANTS, broken};
