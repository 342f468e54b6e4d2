//! The effect machine: what a move wants done outside of the database.
//!
//! An effect is decided in the transaction of the move it follows from, and tried afterwards until it is
//! done. Its tries are numbered, and the number fences: who was given up for dead cannot speak any more.
//!
#![doc = include_str!("../../../docs/transitions/effect.md")]
//!
//! # What is known in which state
//!
//! | state | data |
//! |---|---|
//! | [`Pending`] | not before when it is tried |
//! | [`Running`] | the process that tries, and until when it may be silent |
//! | [`Retry`] | what the last try met, and not before when the next begins |
//! | [`Done`] | when |
//! | [`GaveUp`] | when, and the [`Reason`]: its last try, a failure that stays, or a person |
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::actor::{Actor, ActorKind};
//! use sprintgate::domain::effect::{
//!     Change, Effect, Kind, LEASE, Pending, Refusal, Status, TRIES_MAX,
//! };
//! use sprintgate::domain::time::Timestamp;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Timestamp(0);
//! let (id, kind, state) = ("effect-1".parse()?, Kind::OpenPr, Pending { due_at: now });
//! let effect = Effect { id, kind, tries: 0, tries_max: TRIES_MAX, state };
//! let first = effect.start("runner-1".parse()?, now, LEASE)?.next().clone();
//!
//! // The forge is down: the next try waits. Only the try that runs may say so.
//! let stale = first.clone().fail(0, "503", now);
//! assert_eq!(stale.unwrap_err(), Refusal::LeaseLost { yours: 0, current: 1 });
//! let again: Change = first.clone().fail(1, "503", now)?.into();
//! assert_eq!(again.after(), Status::Retry);
//!
//! // The forge refuses for good: nobody tries any more, until a person asks.
//! let gave_up = first.refuse(1, "no such repository", now)?.next().clone();
//! let refused = gave_up.clone().again(&Actor::System, now);
//! assert_eq!(refused, Err(Refusal::NotAPerson { kind: ActorKind::System }));
//! assert_eq!(gave_up.again(&Actor::Human("ann".parse()?), now)?.edge().to, Status::Pending);
//! # Ok(())
//! # }
//! ```

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
    AnyEffect, Done, Due, Effect, GaveUp, LEASE, Met, PUT_OFF_MAX, Pending, Reason, Retry, Running, State,
    Step, TRIES_MAX,
};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Kind, Status, Why};
