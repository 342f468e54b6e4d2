//! What has left the database for an archive, and what stays of it.

use serde_json::Value;

use crate::domain::time::Timestamp;

/// The record of an archive. It binds the archive's manifest, and the seals of the rows that may leave with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ArchiveRecord {
    /// The place among the archives, from 1.
    pub number: i64,
    /// When it was recorded, by the database's clock.
    pub at: Timestamp,
    /// The name of its folder.
    pub name: String,
    /// The SHA-256 of its manifest, which has those of its other files.
    pub manifest: String,
    /// How many jobs it has.
    pub jobs: i64,
    /// How many effects it has.
    pub effects: i64,
    /// How many rows of the ledger it has.
    pub rows: i64,
    /// SHA-256 over the seals of these rows, in their order.
    pub seals: String,
    /// The hash of the archive before it.
    pub prev_hash: String,
    /// The hash of this record.
    pub hash: String,
}

/// What is to be recorded of an archive that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewArchive {
    /// The name of its folder.
    pub name: String,
    /// The SHA-256 of its manifest.
    pub manifest: String,
    /// How many jobs it has.
    pub jobs: i64,
    /// How many effects it has.
    pub effects: i64,
    /// How many rows of the ledger it has.
    pub rows: i64,
    /// SHA-256 over the seals of these rows.
    pub seals: String,
}

/// The seal of a row of the ledger: what checkpoints bind of it, whose row it was, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ArchivedRow {
    /// The place in the whole ledger.
    pub seq: i64,
    /// The machine.
    pub machine: String,
    /// The entity's id.
    pub entity: String,
    /// The place among the entity's rows, from 1.
    pub entity_seq: i64,
    /// The hash of the row.
    pub hash: String,
    /// The number of the archive that has it.
    pub archive: i64,
}

/// Something that was looked at, whether it may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// Its id.
    pub id: String,
    /// Why it stays, in a word; nothing when it may leave.
    pub stays: Option<String>,
}

/// A row of a table, as it leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftRow {
    /// The table.
    pub table: &'static str,
    /// The names of its columns.
    pub columns: &'static [&'static str],
    /// What stands in them: numbers, texts and nulls. A time is its number of milliseconds since 1970, a boolean 0 or 1,
    /// a document its text.
    pub cells: Vec<Value>,
}

impl LeftRow {
    /// What stands in a column.
    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&Value> {
        self.columns.iter().position(|name| *name == column).and_then(|at| self.cells.get(at))
    }

    /// The machine and the id of the entity that this row is, where it is one.
    #[must_use]
    pub fn entity(&self) -> Option<(&'static str, String)> {
        let text = |column| self.cell(column).and_then(Value::as_str);
        let of_job = |number| Some(format!("{}/{}", text("job_id")?, self.cell(number)?.as_i64()?));
        match self.table {
            "claude_jobs" => Some(("job", text("id")?.to_owned())),
            "attempts" => Some(("attempt", of_job("number")?)),
            "worktrees" => Some(("worktree", of_job("attempt")?)),
            "sprint_task_executions" => Some(("task_execution", text("id")?.to_owned())),
            "effects" => Some(("effect", text("id")?.to_owned())),
            _ => None,
        }
    }
}
