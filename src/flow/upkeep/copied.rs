//! What was moved from one database to another.

use serde::Serialize;

use crate::flow::wire::AuditReport;

/// The answer of `db copy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// Where the rows came from.
    pub from: String,
    /// Where they are now, too.
    pub to: String,
    /// The version of both schemas.
    pub schema: i64,
    /// The tables, each read back from the copy and found to be the same.
    pub tables: Vec<CopiedTable>,
    /// All of their rows.
    pub rows: u64,
    /// What `audit verify` says of the copy.
    pub audit: AuditReport,
}

/// A table that was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopiedTable {
    /// Its name.
    pub name: String,
    /// Its rows, on both sides.
    pub rows: u64,
    /// SHA-256 over its rows in the order of their keys, the same on both sides.
    pub sha256: String,
}
