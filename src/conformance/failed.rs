//! Why a check did not hold, or could not be made.

use std::error::Error;
use std::fmt::Debug;

use crate::flow::FlowError;
use crate::store::StoreError;

/// Why a check did not hold, or could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It was otherwise than it has to be.
    #[error("{what}: expected {expected}, saw {seen}")]
    Otherwise {
        /// What was looked at.
        what: String,
        /// What it has to be.
        expected: String,
        /// What it was.
        seen: String,
    },
    /// The store did not do what it has to do.
    #[error("the store refused: {}", chain(.0))]
    Store(#[from] StoreError),
    /// A use case did not happen that has to happen.
    #[error("a use case was refused: {}", chain(.0.as_ref()))]
    Flow(Box<FlowError>),
    /// The database did not do what it was told, past the store.
    #[error("{what}: {}", chain(.source.as_ref()))]
    Database {
        /// What was tried.
        what: String,
        /// What it said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A decision was refused that has to be made.
    #[error("a decision was refused: {0}")]
    Decision(String),
    /// The check was stopped before its end.
    #[error("it was stopped")]
    Stopped,
    /// The check ended by a fault of its own.
    #[error("the check itself broke: {0}")]
    Broke(String),
}

/// An error and what lies beneath it, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text = format!("{text}: {error}");
        below = error.source();
    }
    text
}

impl Failed {
    /// What a database said to something that was tried past the store.
    pub(super) fn database(what: &str) -> impl FnOnce(sqlx::Error) -> Self {
        let what = what.to_owned();
        move |source| Self::Database { what, source: Box::new(source) }
    }

    /// It was otherwise.
    pub(super) fn otherwise(
        what: impl Into<String>,
        expected: impl Into<String>,
        seen: impl Into<String>,
    ) -> Self {
        Self::Otherwise { what: what.into(), expected: expected.into(), seen: seen.into() }
    }
}

impl From<FlowError> for Failed {
    fn from(error: FlowError) -> Self {
        Self::Flow(Box::new(error))
    }
}

/// A decision that was refused.
pub(super) fn refused(error: impl std::fmt::Display) -> Failed {
    Failed::Decision(error.to_string())
}

/// Holds two values against each other.
pub(super) fn same<T: PartialEq + Debug>(
    what: impl Into<String>,
    seen: T,
    expected: T,
) -> Result<(), Failed> {
    if seen == expected {
        return Ok(());
    }
    Err(Failed::otherwise(what, format!("{expected:?}"), format!("{seen:?}")))
}

/// Holds something to be there.
pub(super) fn there<T>(what: impl Into<String>, found: Option<T>) -> Result<T, Failed> {
    found.ok_or_else(|| Failed::otherwise(what, "it", "nothing"))
}
