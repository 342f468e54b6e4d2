//! Checkpoints of the ledger.

use crate::domain::time::Timestamp;

/// A row of the ledger as a checkpoint binds it: its place and its hash, which binds the rest.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Seal {
    /// The place in the whole ledger.
    pub seq: i64,
    /// The hash of the row.
    pub hash: String,
}

/// Binds the ledger's rows of all entities, in their order, from the checkpoint before it up to `upto_seq`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Checkpoint {
    /// The place among the checkpoints, from 1.
    pub number: i64,
    /// When it was written, by the database's clock.
    pub at: Timestamp,
    /// The last row that it binds.
    pub upto_seq: i64,
    /// How many rows it binds.
    pub rows: i64,
    /// What binds them: SHA-256 over `<seq>:<hash>` and a line feed of each.
    pub root: String,
    /// The first eight digits of each row's hash. They prove nothing that the root does not, and say where to look
    /// when it does not fit.
    pub marks: String,
    /// The hash of the checkpoint before it.
    pub prev_hash: String,
    /// The hash of this one.
    pub hash: String,
}

/// The rows that no checkpoint binds yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unbound {
    /// How many there are at most: numbers that were never given to a row count too.
    pub rows: u64,
    /// When the first of them was written.
    pub since: Timestamp,
}
