//! Ledger rows, written: each one hashes the one before it of the same entity, and is told in the outbox.

use serde_json::{Value, json};

use super::dialect::{document, given, moment, outbox_order};
use super::doubt::Mark;
use super::outbox::{self, Told, Whose};
use super::statement::statements;
use super::tx::{DbTx, News};
use super::values::{At, Document};
use crate::domain::event::kind;
use crate::store::{LedgerEntry, Stamp, StoreError, entry_hash};

/// Rows of the ledger, each with what is told of it.
macro_rules! lines {
    () => {
        given!(machine text, entity text, entity_seq number, from_status text, event text, to_status text,
            actor_kind text, actor_id text, attempt number, at_millis number, facts text, evidence text,
            prev_hash text, hash text, said text, payload text, user_id text, product_id text)
    };
}

statements! {
    ADD_ENTRY = "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, \
        actor_id, attempt, at, facts, evidence, prev_hash, hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    ADD_ENTRIES = concat!("INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, \
        actor_id, attempt, at, facts, evidence, prev_hash, hash) SELECT w.machine, w.entity, w.entity_seq, \
        w.from_status, w.event, w.to_status, w.actor_kind, w.actor_id, w.attempt, ", moment!("w.at_millis"), ", ",
        document!("w.facts"), ", w.evidence, w.prev_hash, w.hash FROM ", lines!());
    ADD_EVENTS = concat!("INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, from_status, to_status, \
        payload, user_id, product_id) SELECT ", outbox_order!(writer), ", ",
        moment!("w.at_millis"), ", w.said, w.machine, w.entity, w.entity_seq, w.event, w.from_status, w.to_status, ",
        document!("w.payload"), ", w.user_id, w.product_id FROM ", lines!());
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

/// A row of the ledger that is to be written among others, behind the one with that hash.
pub(super) struct Line<'a> {
    pub(super) entry: Entry<'a>,
    pub(super) prev_hash: String,
    pub(super) told: Told<'a>,
    pub(super) stamp: &'a Stamp,
}

/// Adds rows of different entities to the ledger, and their events to the outbox.
pub(super) async fn add_all(tx: &mut DbTx, lines: Vec<Line<'_>>) -> Result<(), StoreError> {
    if cfg!(bench_bare) {
        return Ok(());
    }
    let mut given = Vec::with_capacity(lines.len());
    for Line { entry, prev_hash, told, stamp } in lines {
        let Whose::Known(user, product) = told.whose else {
            return Err(StoreError::Inconsistent { what: "whom many concern is known of each".to_owned() });
        };
        let row = sealed(tx, entry, prev_hash, stamp);
        given.push(json!({
            "said": kind(&row.machine, &row.event, &row.to),
            "machine": row.machine,
            "entity": row.entity,
            "entity_seq": row.entity_seq,
            "from_status": row.from,
            "event": row.event,
            "to_status": row.to,
            "actor_kind": row.actor_kind,
            "actor_id": row.actor_id,
            "attempt": row.attempt,
            "at_millis": row.at,
            "facts": row.facts,
            "evidence": row.evidence,
            "prev_hash": row.prev_hash,
            "hash": row.hash,
            "payload": outbox::written(&told.payload)?,
            "user_id": user,
            "product_id": product,
        }));
    }
    let given = Value::Array(given).to_string();
    tx.run(sqlx::query(ADD_ENTRIES).bind(Document(given.clone()))).await?;
    tx.run(sqlx::query(ADD_EVENTS).bind(Document(given))).await.map(drop)
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
