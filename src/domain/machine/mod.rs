//! What every machine has in common. Nothing here knows a particular machine; `law` lists them all.
//!
//! A machine is a folder of the same shape: `words` (its states and events), `table` (its edges, read it first),
//! `state` (a type a state, with the data that is true in it), `moves` (what can be done, by verbs that take the
//! thing and return a [`Step`]), `row` (the stored form, believed only after it is parsed) and `clauses` (each move
//! in words: its guard, who may make it, what it writes and emits).

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
pub use step::{Change, State, Step, Stored};
pub(crate) use word::words;
pub use word::{UnknownWord, Word};
