//! Reading stored rows: a row is believed only after it is parsed into a typed state.

use super::word::Word;

/// A row that no move could have written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {id} is {status} and its `{column}` does not fit")]
pub struct Inconsistent {
    /// Which machine's thing.
    pub what: &'static str,
    /// Its id.
    pub id: String,
    /// The status it claims.
    pub status: &'static str,
    /// The column that is missing, or should be empty.
    pub column: &'static str,
}

/// A row that is being parsed: what its errors name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    what: &'static str,
    id: &'a str,
    status: &'static str,
}

impl<'a> Reading<'a> {
    pub(crate) fn new<S: Word>(what: &'static str, id: &'a str, status: S) -> Self {
        Self { what, id, status: status.word() }
    }

    /// The error of a column.
    pub(crate) fn misfit(self, column: &'static str) -> Inconsistent {
        Inconsistent { what: self.what, id: self.id.to_owned(), status: self.status, column }
    }

    /// The value of a column that this state needs.
    pub(crate) fn need<T>(self, value: Option<T>, column: &'static str) -> Result<T, Inconsistent> {
        value.ok_or_else(|| self.misfit(column))
    }

    /// What must hold of a column in this state.
    pub(crate) fn fits(self, fits: bool, column: &'static str) -> Result<(), Inconsistent> {
        if fits { Ok(()) } else { Err(self.misfit(column)) }
    }
}
