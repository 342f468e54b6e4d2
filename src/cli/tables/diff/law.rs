//! A law as it was written, by this release or another.

use serde::{Deserialize, Serialize};

use crate::cli::tables::FORMAT;

/// A whole law, as `tables --format json` writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// The version of the form.
    pub format: u32,
    /// The machines.
    pub machines: Vec<Machine>,
}

/// A machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Its name.
    pub name: String,
    /// The table whose `status` it is.
    pub table: String,
    /// What it is about.
    pub about: String,
    /// Its states.
    pub states: Vec<Word>,
    /// Its events.
    pub events: Vec<Word>,
    /// The states that a thing may be born in.
    pub born: Vec<String>,
    /// Its edges.
    pub transitions: Vec<Edge>,
    /// Its moves in words.
    pub clauses: Vec<Clause>,
}

/// A word and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The spelling.
    pub word: String,
    /// The meaning.
    pub meaning: String,
}

/// An edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// The state before.
    pub from: String,
    /// The event.
    pub event: String,
    /// The state after.
    pub to: String,
}

/// A move in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The event.
    pub event: String,
    /// The state after.
    pub to: String,
    /// The method that makes the move.
    pub by_move: String,
    /// Who may fire it.
    pub who: Vec<String>,
    /// When it is legal.
    pub when: String,
    /// What is written.
    pub writes: String,
    /// What people and programs see.
    pub emits: String,
}

/// Why a text is no law that can be compared.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It is not JSON, or not of the form.
    #[error("is not a law as `sprintgate tables --format json` writes it: {0}")]
    Form(#[from] serde_json::Error),
    /// It is of another version of the form.
    #[error("is a law of format {found}, and this program reads format {FORMAT}")]
    Version {
        /// The version it says it has.
        found: u64,
    },
    /// It says something twice, so that nobody knows which holds.
    #[error("says twice what the {0} is")]
    Twice(String),
    /// It uses a state or an event that it does not list.
    #[error("does not list the {0}, and uses it")]
    Unlisted(String),
}

/// Reads a law.
///
/// # Errors
/// [`Unusable::Version`] for another version, whatever else is in it; [`Unusable::Form`] for anything that is no law.
pub fn read(text: &str) -> Result<Law, Unusable> {
    #[derive(Deserialize)]
    struct Version {
        format: u64,
    }
    let Version { format: found } = serde_json::from_str(text)?;
    if found != u64::from(FORMAT) {
        return Err(Unusable::Version { found });
    }
    Ok(serde_json::from_str(text)?)
}
