//! The worker-presence machine. A worker is known by its token and its instance, so that two processes with
//! one token never speak for each other (`original` 2.11, 13).
//!
#![doc = include_str!("../../../docs/transitions/worker.md")]
//!
//! # What is known in which state
//!
//! [`Present`] has when it registered, its last sign of life and the quota it told of; [`Absent`] has when
//! and how it went instead of the quota.
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::time::Timestamp;
//! use sprintgate::domain::worker::{PRUNE_AFTER, Present, Refusal, Status, Worker};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let start = Timestamp(0);
//! let state = Present { started_at: start, last_seen_at: start, quota: None };
//! let worker = Worker { token: "token-1".parse()?, instance: "laptop-1".parse()?, state };
//!
//! // A sign of life is no edge; it only keeps the worker on the list.
//! let seen = Timestamp(5_000);
//! let worker = worker.seen(None, seen);
//! let early = worker.clone().prune(start + PRUNE_AFTER);
//! assert_eq!(early, Err(Refusal::Seen { last_seen_at: seen, until: seen + PRUNE_AFTER }));
//!
//! let gone = worker.prune(seen + PRUNE_AFTER)?.next().clone();
//! let back = gone.register(None, Timestamp(90_000))?;
//! assert_eq!(back.edge().to, Status::Present);
//! # Ok(())
//! # }
//! ```

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
