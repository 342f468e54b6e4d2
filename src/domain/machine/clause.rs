//! Clauses: each move in words, for the documents. The tables say what is legal; a clause says when, by whom, and
//! what follows. A test holds that every edge has exactly one clause, and that a move of that name makes it.

use super::word::words;

words! {
    /// Who may fire an event.
    pub enum Who: "actor" {
        /// A signed-in person, or a program with a person's token.
        Person = "person",
        /// A worker that speaks for its own live attempt: an agent, or the runner that started it.
        Worker = "worker",
        /// The server itself, in the transaction of something else or in its sweeps.
        Server = "server",
    }
}

/// What the documents say of the edges that event `on` leads along to state `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause<S: 'static, E: 'static> {
    /// The event.
    pub on: E,
    /// The state after.
    pub to: S,
    /// The method or function that makes the move.
    pub by_move: &'static str,
    /// Who may fire it.
    pub who: &'static [Who],
    /// When it is legal, besides being in the right state.
    pub when: &'static str,
    /// What is written besides the status and its ledger row.
    pub writes: &'static str,
    /// The events that people and programs see.
    pub emits: &'static str,
}

/// Declares a machine's clauses, one for each event and state it leads to.
macro_rules! clauses {
    ($($on:ident => $to:ident: $by_move:ident by [$($who:ident),+]
        when $when:literal writes $writes:literal emits $emits:literal;)+) => {
        /// Each move in words.
        pub const CLAUSES: &[$crate::domain::machine::Clause<super::Status, super::Event>] = &[$(
            $crate::domain::machine::Clause {
                on: super::Event::$on,
                to: super::Status::$to,
                by_move: stringify!($by_move),
                who: &[$($crate::domain::machine::Who::$who),+],
                when: $when,
                writes: $writes,
                emits: $emits,
            },
        )+];
    };
}

pub(crate) use clauses;
