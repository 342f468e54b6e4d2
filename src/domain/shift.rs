//! A status change of a machine whose states carry no data of their own (story, backlog item, sprint). Only the machine's own functions make one, and only along an edge of its table.

use super::machine::{Transition, Word};

/// A decided change of status.
#[must_use = "a shift changes nothing until the store applies it"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift<S, E> {
    from: S,
    on: E,
    to: S,
}

impl<S: Word, E: Word> Shift<S, E> {
    /// Takes the edge from `from` on `on`.
    ///
    /// # Errors
    /// [`Forbidden`] with the legal events when the table has no such edge.
    pub fn along(table: &[Transition<S, E>], from: S, on: E) -> Result<Self, Forbidden> {
        let edge = table.iter().find(|edge| edge.from == from && edge.on == on);
        edge.map(|edge| Self { from, on, to: edge.to }).ok_or_else(|| Forbidden {
            what: S::WHAT,
            from: from.word(),
            asked: on.word(),
            legal: table.iter().filter(|edge| edge.from == from).map(|edge| edge.on.word()).collect(),
        })
    }

    /// Takes whichever edge leads from `from` to `to`; nothing when it is there already.
    ///
    /// # Errors
    /// [`Forbidden`] when no edge leads there.
    pub fn between(table: &[Transition<S, E>], from: S, to: S) -> Result<Option<Self>, Forbidden> {
        if from == to {
            return Ok(None);
        }
        let edge = table.iter().find(|edge| edge.from == from && edge.to == to);
        edge.map(|edge| Some(Self { from, on: edge.on, to })).ok_or_else(|| Forbidden::to(table, from, to))
    }

    /// The status before.
    #[must_use]
    pub fn from(&self) -> S {
        self.from
    }

    /// What happens.
    #[must_use]
    pub fn event(&self) -> E {
        self.on
    }

    /// The status after.
    #[must_use]
    pub fn to(&self) -> S {
        self.to
    }
}

/// A change that the table does not have, with what it has instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {from} has no `{asked}`; legal: {}", .legal.join(", "))]
pub struct Forbidden {
    /// Which machine's status.
    pub what: &'static str,
    /// Where it is.
    pub from: &'static str,
    /// The event or the status that was asked for.
    pub asked: &'static str,
    /// What is legal.
    pub legal: Vec<&'static str>,
}

impl Forbidden {
    /// No edge leads from `from` to `to`.
    pub(in crate::domain) fn to<S: Word, E: Word>(table: &[Transition<S, E>], from: S, to: S) -> Self {
        let legal = table.iter().filter(|edge| edge.from == from).map(|edge| edge.to.word()).collect();
        Self { what: S::WHAT, from: from.word(), asked: to.word(), legal }
    }
}
