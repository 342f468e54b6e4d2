//! Answers about archives.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ArchiveLine;

/// The answer of `db archive`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Archived {
    /// What ended before then may leave.
    pub before: String,
    /// Nothing was written or removed.
    pub dry_run: bool,
    /// The archives that were written now.
    pub archives: Vec<ArchiveLine>,
    /// Jobs that left; in a dry run, those that would, without those that could only follow them.
    pub jobs: u64,
    /// Effects that left, or would.
    pub effects: u64,
    /// Rows of the ledger that left.
    pub rows: u64,
    /// Among them, jobs and effects of archives that were written before, by somebody who did not come to the end.
    pub resumed: u64,
    /// How many ended just as long ago and stay, by why.
    pub stay: BTreeMap<String, u64>,
    /// What a person has to look at.
    pub notes: Vec<String>,
}

/// What was found of an archive, read by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ArchiveReport {
    /// The folder.
    pub folder: String,
    /// The SHA-256 of the manifest, by which the database knows it.
    pub manifest_sha256: String,
    /// The SHA-256 over the seals of its rows.
    pub seals_sha256: String,
    /// Rows of the ledger.
    pub rows: u64,
    /// Entities whose history was followed.
    pub entities: u64,
    /// Rows of tables.
    pub table_rows: u64,
    /// What does not fit; at most 100 are listed.
    pub findings: Vec<String>,
    /// How many there are in all.
    pub findings_total: u64,
    /// Nothing was found.
    pub ok: bool,
}
