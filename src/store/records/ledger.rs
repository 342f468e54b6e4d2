//! Rows of the ledger.

use crate::domain::time::Timestamp;

/// One row: a birth (`from` absent, event `create`) or a transition of one entity of one machine.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LedgerEntry {
    /// The place in the whole ledger.
    pub seq: i64,
    /// The machine.
    pub machine: String,
    /// The entity's id.
    pub entity: String,
    /// The place among the entity's rows, from 1.
    pub entity_seq: i64,
    /// The status before; absent at birth.
    pub from: Option<String>,
    /// What happened.
    pub event: String,
    /// The status after.
    pub to: String,
    /// `human`, `agent` or `system`.
    pub actor_kind: String,
    /// The user or token; empty for the system.
    pub actor_id: String,
    /// The attempt that spoke; whatever number stands there, when somebody changed it.
    pub attempt: Option<i64>,
    /// When, by the database's clock.
    pub at: Timestamp,
    /// What the guard read, as JSON text.
    pub facts: String,
    /// The hash of the evidence.
    pub evidence: Option<String>,
    /// The hash of the entity's row before this one.
    pub prev_hash: String,
    /// The hash of this row.
    pub hash: String,
}

/// An entity as its table has it now, to be compared with what the ledger says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Current {
    /// The entity's id, as the ledger keeps it.
    pub entity: String,
    /// The status in the table.
    pub status: String,
    /// The event that led to it.
    pub event: String,
    /// The number of ledger rows that the table counts.
    pub ledger_seq: i64,
}
