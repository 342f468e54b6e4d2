//! Ledger rows, written: each one hashes the one before it of the same entity.

use super::statement::statements;
use super::tx::DbTx;
use super::values::{At, Document};
use crate::store::{LedgerEntry, Stamp, StoreError, entry_hash};

statements! {
    ADD_ENTRY = "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, \
        actor_id, attempt, at, facts, evidence, prev_hash, hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
}

/// What happened to which entity, after which of its rows.
pub(super) struct Entry<'a> {
    pub(super) machine: &'static str,
    pub(super) entity: &'a str,
    pub(super) entity_seq: i64,
    pub(super) from: Option<&'static str>,
    pub(super) event: &'static str,
    pub(super) to: &'static str,
    pub(super) prev_hash: String,
}

/// Adds a row to the ledger.
pub(super) async fn add(tx: &mut DbTx, entry: Entry<'_>, stamp: &Stamp) -> Result<(), StoreError> {
    let mut entry = LedgerEntry {
        seq: 0,
        machine: entry.machine.to_owned(),
        entity: entry.entity.to_owned(),
        entity_seq: entry.entity_seq,
        from: entry.from.map(str::to_owned),
        event: entry.event.to_owned(),
        to: entry.to.to_owned(),
        actor_kind: stamp.actor.kind().to_string(),
        actor_id: stamp.actor.id().to_owned(),
        attempt: stamp.attempt,
        at: tx.time().0,
        facts: stamp.facts.to_string(),
        evidence: stamp.evidence.clone(),
        prev_hash: entry.prev_hash,
        hash: String::new(),
    };
    entry.hash = entry_hash(&entry);
    let bound = sqlx::query(ADD_ENTRY)
        .bind(entry.machine)
        .bind(entry.entity)
        .bind(entry.entity_seq)
        .bind(entry.from)
        .bind(entry.event)
        .bind(entry.to)
        .bind(entry.actor_kind)
        .bind(entry.actor_id)
        .bind(entry.attempt.map(i64::from))
        .bind(At(entry.at))
        .bind(Document(entry.facts))
        .bind(entry.evidence)
        .bind(entry.prev_hash)
        .bind(entry.hash);
    tx.run(bound).await.map(drop)
}
