//! Edges: the rows of a machine's table, and the trait that turns a missing one into a compile error.

use std::fmt;

use super::word::Word;

/// One edge of a machine: in state `from`, event `on` leads to state `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition<S, E> {
    /// The state before.
    pub from: S,
    /// What happens.
    pub on: E,
    /// The state after.
    pub to: S,
}

/// An edge with its types forgotten: a row of the law that documents and databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Edge {
    /// The machine, as `law::MACHINES` names it. In JSON an edge stands within its machine.
    #[serde(skip_serializing)]
    pub machine: &'static str,
    /// The state before, as the database spells it.
    pub from: &'static str,
    /// The event, in lower case.
    pub event: &'static str,
    /// The state after, as the database spells it.
    pub to: &'static str,
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -{}-> {}", self.machine, self.from, self.event, self.to)
    }
}

/// Says that a table has an edge from the implementing state to `T`.
///
/// Only `transitions!` implements it, so a move along a missing edge does not compile.
#[diagnostic::on_unimplemented(
    message = "there is no transition from `{Self}` to `{T}`",
    note = "every legal move is a row of a `transitions!` table"
)]
pub trait To<T> {}

/// The events that are legal in a state, in the table's order, each once.
#[must_use]
pub fn legal<S: Word, E: Word>(table: &[Transition<S, E>], from: S) -> Vec<E> {
    let mut legal: Vec<E> = Vec::new();
    for edge in table.iter().filter(|edge| edge.from == from) {
        if !legal.contains(&edge.on) {
            legal.push(edge.on);
        }
    }
    legal
}

/// Declares a machine's table: the states that a thing may be born in (`BORN`), the edges as data (`TRANSITIONS`)
/// and, where the machine has typed states, an `impl To` for each pair of states.
macro_rules! transitions {
    (typed; $($rows:tt)+) => {
        transitions!($($rows)+);
        transitions!(@typed $($rows)+);
    };
    (@typed born $($born:ident),+; $($from:ident => $to:ident on $($event:ident)|+,)+) => {
        $(impl $crate::domain::machine::To<super::state::$to> for super::state::$from {})+
    };
    (born $($born:ident),+; $($from:ident => $to:ident on $($event:ident)|+,)+) => {
        /// The states that a thing may be born in.
        pub const BORN: &[super::Status] = &[$(super::Status::$born),+];
        /// Every legal edge; whatever is not here is refused by the compiler, the code and the database.
        pub const TRANSITIONS: &[$crate::domain::machine::Transition<super::Status, super::Event>] = &[$($(
            $crate::domain::machine::Transition {
                from: super::Status::$from,
                on: super::Event::$event,
                to: super::Status::$to,
            },
        )+)+];
    };
}

pub(crate) use transitions;
