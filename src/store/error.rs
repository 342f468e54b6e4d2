//! What can go wrong between a decision and its row.

use crate::domain::machine::UnknownWord;

/// Why the store did not do what was asked. Nothing was written, unless it is [`StoreError::Unknown`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else holds the database; the same call may succeed a moment later.
    #[error("the database is busy")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database cannot be reached, or hung up in the middle; it may be back a moment later.
    #[error("the database cannot be reached")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database hung up while it committed, and was away for so long that nobody can tell how that ended.
    #[error("the database cannot be reached, and whether it kept this is unknown: look before you repeat it")]
    Unknown(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The guarded statement found another status or attempt than the decision was made on.
    #[error("{machine} {entity} is no longer {expected}")]
    Lost {
        /// The machine.
        machine: &'static str,
        /// The entity's id.
        entity: String,
        /// The status that the decision was made on.
        expected: &'static str,
    },
    /// The database itself refused the row.
    #[error("the database refused a row: {rule}")]
    Refused {
        /// The constraint or trigger that refused.
        rule: String,
    },
    /// A row with this key is there already.
    #[error("there is already a row with this {key}")]
    Duplicate {
        /// The key's columns.
        key: String,
    },
    /// A stored row that no move could have written.
    #[error("a stored row is inconsistent: {what}")]
    Inconsistent {
        /// Which row and column.
        what: String,
    },
    /// The database was made by a newer version of this program.
    #[error("the database has schema version {found}; this program knows versions up to {known}")]
    Newer {
        /// The version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The database could not be opened.
    #[error("cannot open the database at {at}")]
    Open {
        /// The path or address, without secrets.
        at: String,
        /// What went wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file beside the database failed.
    #[error("cannot write {at}")]
    File {
        /// The file.
        at: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Anything else that the database says.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Whether the same call may succeed a moment later: nothing was written, and what stood in the way passes.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Away(_) | Self::Lost { .. })
    }
}

impl From<UnknownWord> for StoreError {
    fn from(word: UnknownWord) -> Self {
        Self::Inconsistent { what: word.to_string() }
    }
}
