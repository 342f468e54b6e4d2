//! `db migrate`: brings the schema up to date.

use serde::Serialize;

use super::Maintenance;
use crate::flow::FlowError;
use crate::store::Migration;

/// From which version to which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Migrated {
    /// Where the database is.
    pub database: String,
    /// The version before.
    pub from: i64,
    /// The version that it has now, or would have.
    pub to: i64,
    /// What was missing before.
    pub pending: Vec<Migration>,
    /// Nothing was changed: it was only asked for.
    pub dry_run: bool,
}

impl Maintenance {
    /// Brings the schema up to date, or tells what is missing. Those who do it at the same moment wait for each other.
    ///
    /// # Errors
    /// `SCHEMA_NEWER`; when the store fails, and then the schema is what it was.
    pub async fn migrate(&self, dry_run: bool) -> Result<Migrated, FlowError> {
        let schema = self.known().await?;
        let from = match dry_run {
            true => schema.found,
            // Another process may have done it meanwhile.
            false => self.of.migrate().await?,
        };
        let pending = schema.pending.into_iter().filter(|step| step.version > from).collect();
        Ok(Migrated { database: self.of.place(), from, to: schema.known, pending, dry_run })
    }
}
