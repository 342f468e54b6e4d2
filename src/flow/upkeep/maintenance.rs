//! Who keeps a database: nothing of what is done here changes its schema, but for bringing it up to date.

use std::sync::Arc;

use crate::flow::FlowError;
use crate::store::{Schema, StoreError, Upkeep};

/// A database that is kept. Every verb about it is a method, in a file named after it.
#[derive(Clone)]
pub struct Maintenance {
    pub(super) of: Arc<dyn Upkeep>,
}

impl Maintenance {
    /// Keeps that database.
    #[must_use]
    pub fn new(of: Arc<dyn Upkeep>) -> Self {
        Self { of }
    }

    /// Where the database is, without secrets.
    #[must_use]
    pub fn place(&self) -> String {
        self.of.place()
    }

    /// The schema, which has to be the one that this program knows.
    pub(super) async fn current(&self) -> Result<Schema, FlowError> {
        let schema = self.known().await?;
        if schema.pending.is_empty() {
            return Ok(schema);
        }
        let why = format!(
            "{} has schema version {}, and this program works with {}: bring it up to date first",
            self.of.place(),
            schema.found,
            schema.known
        );
        Err(FlowError::invalid("database", why))
    }

    /// The schema, which must not be newer than this program.
    pub(super) async fn known(&self) -> Result<Schema, FlowError> {
        let schema = self.of.schema().await?;
        match schema.found > schema.known {
            true => Err(StoreError::Newer { found: schema.found, known: schema.known }.into()),
            false => Ok(schema),
        }
    }
}
