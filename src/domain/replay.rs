//! The fold of a history: an entity's moves, one after another along the law, from its birth to where it is.
//!
//! ```
//! use sprintgate::domain::replay::{Fold, Illegal, Lawbook, Move};
//!
//! let law = Lawbook::new();
//! let mut job = Fold::default();
//! let birth = Move { machine: "job", from: None, event: "create", to: "QUEUED" };
//! assert_eq!(job.take(&law, &birth), []);
//! let leap = Move { machine: "job", from: Some("QUEUED"), event: "finish", to: "DONE" };
//! assert!(matches!(job.take(&law, &leap)[..], [Illegal::NoEdge { .. }]));
//! // What comes after it is judged by where it says that the job is.
//! assert_eq!((job.status(), job.rows()), (Some("DONE"), 2));
//! ```

use std::collections::HashSet;

use super::law::machines;

/// What every history begins with.
pub const CREATE: &str = "create";

/// The law, arranged for looking up one move after another.
#[derive(Debug, Clone)]
pub struct Lawbook {
    births: HashSet<(&'static str, &'static str)>,
    edges: HashSet<(&'static str, &'static str, &'static str, &'static str)>,
}

/// One move as a history tells it: a birth, where it leaves nothing, or a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move<'a> {
    /// The machine.
    pub machine: &'a str,
    /// The status before; absent at birth.
    pub from: Option<&'a str>,
    /// What happened.
    pub event: &'a str,
    /// The status after.
    pub to: &'a str,
}

/// Where an entity is after the moves that were taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fold {
    status: Option<String>,
    rows: i64,
}

/// Why a history cannot have been.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// It is not born like this.
    #[error("a {machine} is not born {to} by {event}")]
    Birth {
        /// The machine.
        machine: String,
        /// The event of the row.
        event: String,
        /// The status after it.
        to: String,
    },
    /// The law has no such edge.
    #[error("the law has no {from} -{event}-> {to}")]
    NoEdge {
        /// The status before.
        from: String,
        /// What happened.
        event: String,
        /// The status after.
        to: String,
    },
    /// The move leaves a status that the entity was not in.
    #[error("it leaves {from}, and the entity was {was}")]
    Elsewhere {
        /// Where the move begins, or `nothing` for a birth.
        from: String,
        /// Where the entity was, or `not born`.
        was: String,
    },
}

impl Lawbook {
    /// The law of [`machines`].
    #[must_use]
    pub fn new() -> Self {
        let (mut births, mut edges) = (HashSet::new(), HashSet::new());
        for machine in machines() {
            births.extend(machine.born.iter().map(|status| (machine.name, *status)));
            edges.extend(machine.edges.iter().map(|edge| (edge.machine, edge.from, edge.event, edge.to)));
        }
        Self { births, edges }
    }

    /// Whether the move is legal by itself, wherever the entity was.
    ///
    /// # Errors
    /// [`Illegal::Birth`] or [`Illegal::NoEdge`].
    pub fn judge(&self, it: &Move<'_>) -> Result<(), Illegal> {
        let legal = match it.from {
            None => it.event == CREATE && self.is_birth(it.machine, it.to),
            Some(from) => self.is_edge(it.machine, from, it.event, it.to),
        };
        if legal {
            return Ok(());
        }
        let (event, to) = (it.event.to_owned(), it.to.to_owned());
        Err(match it.from {
            None => Illegal::Birth { machine: it.machine.to_owned(), event, to },
            Some(from) => Illegal::NoEdge { from: from.to_owned(), event, to },
        })
    }

    fn is_birth<'a>(&'a self, machine: &'a str, to: &'a str) -> bool {
        let births: &HashSet<(&'a str, &'a str)> = &self.births;
        births.contains(&(machine, to))
    }

    fn is_edge<'a>(&'a self, machine: &'a str, from: &'a str, event: &'a str, to: &'a str) -> bool {
        let edges: &HashSet<(&'a str, &'a str, &'a str, &'a str)> = &self.edges;
        edges.contains(&(machine, from, event, to))
    }
}

impl Default for Lawbook {
    fn default() -> Self {
        Self::new()
    }
}

impl Fold {
    /// Takes the next move; what is wrong with it is told, and the fold goes on from where it leads.
    pub fn take(&mut self, law: &Lawbook, it: &Move<'_>) -> Vec<Illegal> {
        let mut wrong = Vec::new();
        if self.status.as_deref() != it.from {
            wrong.push(Illegal::Elsewhere {
                from: it.from.unwrap_or("nothing").to_owned(),
                was: self.status.as_deref().unwrap_or("not born").to_owned(),
            });
        }
        wrong.extend(law.judge(it).err());
        self.rows += 1;
        match &mut self.status {
            Some(status) => it.to.clone_into(status),
            unborn => *unborn = Some(it.to.to_owned()),
        }
        wrong
    }

    /// Where the entity is; nowhere before its birth.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// How many moves were taken.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.rows
    }
}
