//! Each move of this machine in words, for the documents.

use crate::domain::machine::Clause;

/// Each move in words.
pub const CLAUSES: &[Clause<super::Status, super::Event>] = &[];
