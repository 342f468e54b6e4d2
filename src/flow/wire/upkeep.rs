//! Answers about a database as such.

use serde::Serialize;

use super::{ArchiveLine, CheckpointLine, ConsumerView, Holder};
use crate::store::{Check, Schema, Setting, TableExtent};

/// The answer of `db status`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DatabaseStatus {
    /// What kind of database it is.
    pub kind: &'static str,
    /// Where it is, without secrets.
    pub database: String,
    /// Its schema, and what is missing of it. What follows the settings is empty unless it is up to date.
    pub schema: Schema,
    /// All of it, in bytes.
    pub bytes: i64,
    /// The rows of the tables are what the database estimated last.
    pub rows_are_estimates: bool,
    /// The tables.
    pub tables: Vec<TableExtent>,
    /// Settings that decide what survives a crash.
    pub settings: Vec<Setting>,
    /// When the oldest event that is kept happened.
    pub oldest_event_at: Option<String>,
    /// Who reads the events, and what they have not handled.
    pub consumers: Vec<ConsumerView>,
    /// The oldest transaction that is open on the server, when events are held back because of it.
    pub held_back_by: Option<Holder>,
    /// The last checkpoint of the ledger.
    pub last_checkpoint: Option<CheckpointLine>,
    /// How many rows no checkpoint binds yet, at most.
    pub unbound_rows: u64,
    /// The last archive that ended jobs left for.
    pub last_archive: Option<ArchiveLine>,
    /// How many effects have each status, of those that are not done.
    pub effects: Vec<StatusCount>,
}

/// How many have a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusCount {
    /// The status.
    pub status: String,
    /// How many.
    pub count: i64,
}

/// The answer of `db check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What kind of database it is.
    pub kind: &'static str,
    /// Where it is, without secrets.
    pub database: String,
    /// The version of its schema.
    pub schema: i64,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// Nothing was found. What was skipped counts as nothing.
    pub ok: bool,
}
