//! The effect machine: one thing to be done outside of the database, from PENDING to DONE or GAVE_UP.
//!
//! An effect is decided in the transaction of the move it follows from, and tried afterwards until it is done. Its tries
//! are numbered, and the number fences: who was given up for dead cannot speak any more.
#![doc = include_str!("../../../docs/transitions/effect.md")]

mod clauses;
mod moves;
mod parse;
mod refusal;
mod row;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{ERROR_MAX, Moved};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AnyEffect, Done, Due, Effect, GaveUp, LEASE, Pending, Reason, Retry, Running, State, Step, TRIES_MAX,
};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Kind, Status, Why};
