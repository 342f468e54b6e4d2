//! Answers about the ledger.

use serde::Serialize;

use crate::flow::fresh::iso;
use crate::store::{ArchiveRecord, Checkpoint, Current, LedgerEntry};

/// The answer of `audit verify`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Rows read.
    pub rows: u64,
    /// Entities whose history was followed.
    pub entities: u64,
    /// Checkpoints read.
    pub checkpoints: u64,
    /// Rows that no checkpoint binds yet.
    pub unbound_rows: u64,
    /// Archives on record.
    pub archives: u64,
    /// Rows that left for them, of which the seals are there.
    pub archived_rows: u64,
    /// Entities whose rows left.
    pub archived_entities: u64,
    /// The last archive on record.
    pub last_archive: Option<ArchiveLine>,
    /// The last checkpoint; its hash is worth keeping where nobody who can change the database can change it.
    pub last_checkpoint: Option<CheckpointLine>,
    /// What does not fit, each naming its row; at most 100 are listed.
    pub findings: Vec<String>,
    /// How many there are in all.
    pub findings_total: u64,
    /// Nothing was found.
    pub ok: bool,
}

/// A checkpoint as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckpointLine {
    /// Its number.
    pub number: i64,
    /// When it was written.
    pub at: String,
    /// The last row that it binds.
    pub upto_seq: i64,
    /// How many rows it binds.
    pub rows: i64,
    /// Its hash, which binds every row and every checkpoint up to it.
    pub hash: String,
}

impl From<&Checkpoint> for CheckpointLine {
    fn from(checkpoint: &Checkpoint) -> Self {
        Self {
            number: checkpoint.number,
            at: iso(checkpoint.at),
            upto_seq: checkpoint.upto_seq,
            rows: checkpoint.rows,
            hash: checkpoint.hash.clone(),
        }
    }
}

/// An archive as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchiveLine {
    /// Its number.
    pub number: i64,
    /// When it was recorded.
    pub at: String,
    /// The name of its folder.
    pub name: String,
    /// The SHA-256 of its manifest.
    pub manifest_sha256: String,
    /// How many jobs it has.
    pub jobs: i64,
    /// How many effects it has.
    pub effects: i64,
    /// How many rows of the ledger it has.
    pub rows: i64,
    /// The hash of its record, which binds the records before it.
    pub hash: String,
}

impl From<&ArchiveRecord> for ArchiveLine {
    fn from(archive: &ArchiveRecord) -> Self {
        Self {
            number: archive.number,
            at: iso(archive.at),
            name: archive.name.clone(),
            manifest_sha256: archive.manifest.clone(),
            jobs: archive.jobs,
            effects: archive.effects,
            rows: archive.rows,
            hash: archive.hash.clone(),
        }
    }
}

/// The answer of `audit checkpoint`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checkpointed {
    /// Checkpoints that were written now.
    pub written: u64,
    /// Rows that they bind.
    pub rows: u64,
    /// The last checkpoint.
    pub last: Option<CheckpointLine>,
}

/// The answer of `audit replay`: an entity's history, folded, beside its row in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// The machine.
    pub machine: String,
    /// The entity's id.
    pub entity: String,
    /// The ledger's rows, first to last.
    pub rows: Vec<LedgerEntry>,
    /// Where the fold of them ends.
    pub status: String,
    /// The entity as its table has it; none when the table does not know it.
    pub table: Option<Current>,
    /// What does not fit; at most 100 are listed.
    pub findings: Vec<String>,
    /// Nothing was found.
    pub ok: bool,
}

/// The answer of `audit export`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// The folder.
    pub folder: String,
    /// Rows of the ledger.
    pub rows: u64,
    /// Seals of rows that left for archives.
    pub seals: u64,
    /// Archives on record.
    pub archives: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// Entities of the tables.
    pub entities: u64,
    /// The last checkpoint.
    pub last_checkpoint: Option<CheckpointLine>,
    /// The SHA-256 of the manifest, which has those of the other files.
    pub manifest_sha256: String,
}
