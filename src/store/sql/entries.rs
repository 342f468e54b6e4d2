//! Ledger rows, written: each one hashes the one before it of the same entity, and is told in the outbox.

use super::doubt::Mark;
use super::outbox::{self, Told};
use super::statement::statements;
use super::tx::{DbTx, News};
use super::values::{At, Document};
use crate::store::{LedgerEntry, Stamp, StoreError, entry_hash};

statements! {
    ADD_ENTRY = "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, \
        actor_id, attempt, at, facts, evidence, prev_hash, hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
}

/// What happened to which entity, as which of its rows.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) machine: &'static str,
    pub(super) entity: &'a str,
    pub(super) entity_seq: i64,
    pub(super) from: Option<&'static str>,
    pub(super) event: &'static str,
    pub(super) to: &'static str,
}

/// Adds a row to the ledger, behind the one with that hash, and its event to the outbox.
pub(super) async fn add(
    tx: &mut DbTx,
    entry: Entry<'_>,
    prev_hash: String,
    told: Told<'_>,
    stamp: &Stamp,
) -> Result<(), StoreError> {
    if cfg!(bench_bare) {
        return Ok(());
    }
    let row = sealed(tx, entry, prev_hash, stamp);
    let bound = sqlx::query(ADD_ENTRY)
        .bind(row.machine)
        .bind(row.entity)
        .bind(row.entity_seq)
        .bind(row.from)
        .bind(row.event)
        .bind(row.to)
        .bind(row.actor_kind)
        .bind(row.actor_id)
        .bind(row.attempt)
        .bind(At(row.at))
        .bind(Document(row.facts))
        .bind(row.evidence)
        .bind(row.prev_hash)
        .bind(row.hash);
    tx.add(bound).await?;
    outbox::add(tx, entry, told).await
}

/// The row, as it is to be written behind the one with that hash. The transaction is known again by it.
pub(super) fn sealed(tx: &mut DbTx, entry: Entry<'_>, prev_hash: String, stamp: &Stamp) -> LedgerEntry {
    let mut row = LedgerEntry {
        seq: 0,
        machine: entry.machine.to_owned(),
        entity: entry.entity.to_owned(),
        entity_seq: entry.entity_seq,
        from: entry.from.map(str::to_owned),
        event: entry.event.to_owned(),
        to: entry.to.to_owned(),
        actor_kind: stamp.actor.kind().to_string(),
        actor_id: stamp.actor.id().to_owned(),
        attempt: stamp.attempt.map(i64::from),
        at: tx.time().0,
        facts: stamp.facts.to_string(),
        evidence: stamp.evidence.clone(),
        prev_hash,
        hash: String::new(),
    };
    row.hash = entry_hash(&row);
    tx.mark(Mark::of(&row));
    tx.has(News::Told);
    row
}
