//! What every machine has in common. Nothing here knows a particular machine; [`law`](super::law) lists them
//! all.
//!
//! A machine is a folder of the same shape: `words` (its states and events), `table` (its edges, read it
//! first), `state` (a type a state, with the data that is true in it), `moves` (what can be done, by verbs
//! that take the thing and return a [`Step`]), `refusal` (why not), `row` (the stored form, believed only
//! after it is parsed) and `clauses` (each move in words: its guard, who may make it, what it writes and
//! emits).
//!
//! - An edge of the table is data (a [`Transition`]) and a type: `impl To<Claimed> for Queued`. Without it no
//!   move can make the [`Step`], and the compiler lists the edges that there are.
//! - A [`Step`] is decided and not written. [`Step::next`] shows the thing as it will be; a [`Change`] is the
//!   step without its types, as a store takes it.
//! - A refused move returns a refusal with the facts it read, and nothing that could be written.
//!
//! ```
//! use sprintgate::domain::job::{Event, Status, TRANSITIONS};
//! use sprintgate::domain::machine::{Transition, legal};
//!
//! let claim = Transition { from: Status::Queued, on: Event::Claim, to: Status::Claimed };
//! assert!(TRANSITIONS.contains(&claim));
//! assert_eq!(legal(TRANSITIONS, Status::Queued), [Event::Claim, Event::Cancel]);
//! assert!(legal(TRANSITIONS, Status::Done).is_empty());
//! ```
//!
//! # A new edge
//!
//! Write its row in `table`, its word in `words`, its verb in `moves`, its clause in `clauses`, and the
//! second copy of the row in the tests; the compiler and the tests name whatever is still missing.
//! [docs/CONTRIBUTING.md](../../../../../docs/CONTRIBUTING.md) goes through an example, step by step.

mod clause;
mod edge;
mod row;
mod states;
mod step;
mod word;

pub(crate) use clause::clauses;
pub use clause::{Clause, Who};
pub(crate) use edge::transitions;
pub use edge::{Edge, To, Transition, legal};
pub use row::Inconsistent;
pub(crate) use row::Reading;
pub(crate) use states::states;
pub(crate) use step::sealed;
pub use step::{Change, State, Step, Stored};
pub(crate) use word::words;
pub use word::{UnknownWord, Word};
