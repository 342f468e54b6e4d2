//! A status change of a machine whose status is derived (story, backlog item, sprint): its states carry no data of
//! their own. Only the machine's own moves make one, and only along an edge of its table.

use super::machine::{Transition, Word, legal};

/// A decided change of status.
#[must_use = "a shift changes nothing until the store applies it"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift<S, E> {
    edge: Transition<S, E>,
}

impl<S: Word, E: Word> Shift<S, E> {
    /// Takes the edge from `from` on `on`, for an event that leads to one state.
    ///
    /// # Errors
    /// [`Forbidden`] with the legal events when the table has no such edge.
    pub(in crate::domain) fn along(table: &[Transition<S, E>], from: S, on: E) -> Result<Self, Forbidden> {
        let edge = table.iter().copied().find(|edge| edge.from == from && edge.on == on);
        edge.map(|edge| Self { edge }).ok_or_else(|| Forbidden {
            what: S::WHAT,
            from: from.word(),
            asked: on.word(),
            legal: legal(table, from).into_iter().map(Word::word).collect(),
        })
    }

    /// Takes the edge from `from` to `to` on `on`, for an event that leads wherever it is derived to; nothing when it
    /// is there already. The tables have every such edge between states that are derived.
    pub(in crate::domain) fn derived(table: &[Transition<S, E>], from: S, on: E, to: S) -> Option<Self> {
        let edge = Transition { from, on, to };
        table.contains(&edge).then_some(Self { edge })
    }

    /// The status before.
    #[must_use]
    pub fn from(&self) -> S {
        self.edge.from
    }

    /// What happens.
    #[must_use]
    pub fn event(&self) -> E {
        self.edge.on
    }

    /// The status after.
    #[must_use]
    pub fn to(&self) -> S {
        self.edge.to
    }
}

/// A change that the table does not have, with what it has instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {from} has no `{asked}`; legal: {}", listed(.legal))]
pub struct Forbidden {
    /// Which machine's status.
    pub what: &'static str,
    /// Where it is.
    pub from: &'static str,
    /// The event or the status that was asked for.
    pub asked: &'static str,
    /// The events, or statuses, that are legal.
    pub legal: Vec<&'static str>,
}

impl Forbidden {
    /// No edge leads from `from` to `to`.
    pub(in crate::domain) fn to<S: Word, E: Word>(table: &[Transition<S, E>], from: S, to: S) -> Self {
        let legal = table.iter().filter(|edge| edge.from == from).map(|edge| edge.to.word()).collect();
        Self { what: S::WHAT, from: from.word(), asked: to.word(), legal }
    }
}

fn listed(legal: &[&str]) -> String {
    if legal.is_empty() { "nothing".to_owned() } else { legal.join(", ") }
}
