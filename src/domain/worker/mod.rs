//! The worker-presence machine: whether a worker process is there. It is known by its token and its instance, so that
//! two processes with one token never speak for each other (`original` 2.11, 13).
#![doc = include_str!("../../../docs/transitions/worker.md")]

mod clauses;
mod moves;
mod refusal;
mod row;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{ACTIVE_WITHIN, HEARTBEAT, PRUNE_AFTER, is_active};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{Absent, AnyWorker, Percent, Present, Quota, State, Step, Worker};
pub use table::{BORN, TRANSITIONS};
pub use words::{Absence, Event, Status};
