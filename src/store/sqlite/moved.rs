//! How a move is written with its ledger row and its event: three statements in one call, because each call goes to the
//! connection's thread and back, which costs more than the row.

use serde_json::json;

use super::entries::{self, Entry};
use super::outbox::{self, Told, Whose};
use super::tx::DbTx;
use super::values::Document;
use crate::domain::attempt::Status;
use crate::domain::event::{Payload, kind};
use crate::domain::id::JobId;
use crate::domain::machine::Word;
use crate::store::{GENESIS, LedgerEntry, Stamp, StoreError};

/// The status that is the first of what is bound for `entry!`.
macro_rules! state {
    ($bound:literal) => {
        concat!("(", $bound, " ->> 0)")
    };
}

/// The ledger's row and its event, with what is bound as `it`: `note` and `born` say in which order.
#[cfg(not(bench_bare))]
macro_rules! entry {
    (it $it:literal, entity $entity:expr, seq $seq:expr, from $from:expr, event $event:literal, to $to:expr, at $at:literal,
        whose $whose:expr) => {
        concat!(
            "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, ",
            "attempt, at, facts, evidence, prev_hash, hash) VALUES (", $it, " ->> 1, ", $entity, ", ", $seq, ", ",
            $from, ", ", $event, ", ", $to, ", ", $it, " ->> 3, ", $it, " ->> 4, ", $it, " ->> 5, ", $at, ", ", $it,
            " ->> 6, ", $it, " ->> 7, ", $it, " ->> 8, ", $it, " ->> 9); ",
            "INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, from_status, to_status, payload, ",
            "user_id, product_id) SELECT ", super::dialect::outbox_order!(writer), ", ", $at, ", ", $it, " ->> 10, ", $it, " ->> 1, ", $entity, ", ", $seq, ", ",
            $event, ", ", $from, ", ", $to, ", ", $it, " ->> 11, ", $whose, "; "
        )
    };
}

/// What the guarded statement comes behind: the ledger's row, then its event.
#[cfg(not(bench_bare))]
macro_rules! entry_first {
    () => {
        super::moved::entry!(it "$5", entity "$4", seq "$5 ->> 2", from "$5 ->> 0", event "$2", to "$1", at "$3",
            whose "$5 ->> 12, $5 ->> 13")
    };
}

/// What the birth of an attempt comes behind; $1 is its job.
#[cfg(not(bench_bare))]
macro_rules! attempt_first {
    () => {
        super::moved::entry!(it "$12", entity "$12 ->> 2", seq "1", from "NULL", event "'create'", to "$12 ->> 0", at "$11",
            whose "j.user_id, j.product_id FROM claude_jobs j WHERE j.id = $1")
    };
}

/// Where it takes the ledger's row from: nowhere, for it stands already.
macro_rules! nothing {
    () => {
        ""
    };
}

#[cfg(not(bench_bare))]
pub(super) use {attempt_first, entry, entry_first};
#[cfg(bench_bare)]
pub(super) use {nothing as attempt_first, nothing as entry_first};
pub(super) use {nothing as from_entry, nothing as next_of_entry, state};

/// The statement that ends a job's hold and its attempt, where one does both.
pub(super) const END_JOB: Option<&str> = None;
/// The statement that claims a job and adds the attempt, where one does both.
pub(super) const CLAIM_JOB: Option<&str> = None;

/// What is bound of a move that is noted: an array.
pub(super) type State = Document;

/// The status before, with the ledger's row and the event: to be bound to the guarded statement, which writes them.
#[allow(clippy::unused_async, reason = "where it is a statement of its own, it is awaited")]
pub(super) async fn note(
    tx: &mut DbTx,
    entry: Entry<'_>,
    prev_hash: String,
    told: Told<'_>,
    stamp: &Stamp,
) -> Result<State, StoreError> {
    let Whose::Known(user, product) = told.whose else {
        return Err(StoreError::Inconsistent { what: "a move concerns whom its row says".to_owned() });
    };
    if cfg!(bench_bare) {
        return Ok(Document(json!([entry.from]).to_string()));
    }
    let row = entries::sealed(tx, entry, prev_hash, stamp);
    said(entry.from, json!(row.entity_seq), &row, &told.payload, user, product)
}

/// The status that an attempt is born in, with the ledger's row and the event: to be bound to the statement that adds it.
#[allow(clippy::unused_async, reason = "where it is a statement of its own, it is awaited")]
pub(super) async fn born(
    tx: &mut DbTx,
    entity: &str,
    _of: &JobId,
    stamp: &Stamp,
) -> Result<State, StoreError> {
    let to = Status::Held.word();
    if cfg!(bench_bare) {
        return Ok(Document(json!([to]).to_string()));
    }
    let entry = Entry { machine: "attempt", entity, entity_seq: 1, from: None, event: "create", to };
    let row = entries::sealed(tx, entry, GENESIS.to_owned(), stamp);
    said(Some(to), json!(entity), &row, &Payload::default(), None, None)
}

fn said(
    state: Option<&str>,
    place: serde_json::Value,
    row: &LedgerEntry,
    payload: &Payload,
    user: Option<String>,
    product: Option<String>,
) -> Result<State, StoreError> {
    let said = kind(&row.machine, &row.event, &row.to);
    let it = json!([
        state,
        row.machine,
        place,
        row.actor_kind,
        row.actor_id,
        row.attempt,
        row.facts,
        row.evidence,
        row.prev_hash,
        row.hash,
        said,
        outbox::written(payload)?,
        user,
        product,
    ]);
    Ok(Document(it.to_string()))
}
