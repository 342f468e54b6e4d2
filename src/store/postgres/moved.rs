//! How a move is written with its ledger row and its event: in one statement with them, because each one that travels
//! alone costs as much as the move itself. The row waits for the ledger's, which its trigger looks for.

use super::apply::{attempt_ends, guarded};
use super::entries::{self, Entry};
use super::job_columns::{one_job, own_job};
use super::outbox::{self, Told, Whose};
use super::statement::statements;
use super::tx::DbTx;
use crate::domain::attempt::Status;
use crate::domain::event::{Payload, kind};
use crate::domain::id::JobId;
use crate::domain::machine::Word;
use crate::store::{GENESIS, LedgerEntry, Stamp, StoreError};

/// The status that is the first of what is bound for `entry!`.
macro_rules! state {
    ($bound:literal) => {
        concat!("(CAST(", $bound, " AS text[]))[1]")
    };
}

/// The ledger's row and its event, with what is bound as `it`: `note` and `born` say in which order.
#[cfg(not(bench_bare))]
macro_rules! entry {
    ($begin:literal, $part:literal, it $it:literal, entity $entity:literal, seq $seq:literal, from $from:literal, event $event:literal, to $to:literal,
        at $at:literal, whose $whose:literal) => {
        concat!(
            $begin, $part, "said AS (SELECT CAST(", $it, " AS text[]) AS it), ",
            $part, "entry AS (INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, ",
            "actor_id, attempt, at, facts, evidence, prev_hash, hash) ",
            "SELECT it[2], ", $entity, ", ", $seq, ", ", $from, ", ", $event, ", ", $to, ", it[4], it[5], ",
            "CAST(it[6] AS bigint), ", $at, ", CAST(it[7] AS json), it[8], it[9], it[10] FROM ", $part, "said RETURNING entity_seq), ",
            $part, "event AS (INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, from_status, to_status, ",
            "payload, user_id, product_id) SELECT ",
            "greatest((SELECT base FROM outbox_base WHERE single) + CAST(CAST(pg_current_xact_id() AS text) AS bigint), ",
            "(SELECT max(o.xid) FROM outbox o WHERE o.machine = it[2] AND o.entity = ", $entity, ")), ",
            $at, ", it[11], it[2], ", $entity, ", ", $seq, ", ", $event, ", ", $from, ", ", $to,
            ", CAST(it[12] AS json), ", $whose, ") "
        )
    };
}

/// What the guarded statement begins with: the ledger's row, then its event.
#[cfg(not(bench_bare))]
macro_rules! entry_first {
    () => {
        super::moved::entry!("WITH ", "", it "$5", entity "$4", seq "CAST(it[3] AS bigint)", from "it[1]", event "$2", to "$1", at "$3",
            whose "it[13], it[14] FROM said")
    };
}

/// What the birth of an attempt begins with; $1 is its job.
#[cfg(not(bench_bare))]
macro_rules! attempt_first {
    () => {
        super::moved::entry!("WITH ", "", it "$12", entity "it[3]", seq "1", from "CAST(NULL AS text)", event "'create'", to "it[1]", at "$11",
            whose "j.user_id, j.product_id FROM said, claude_jobs j WHERE j.id = $1")
    };
}

/// Where it takes the ledger's row from.
#[cfg(not(bench_bare))]
macro_rules! from_entry {
    () => {
        " FROM entry"
    };
}

/// The condition that it is the next of the entity.
#[cfg(not(bench_bare))]
macro_rules! next_of_entry {
    () => {
        " AND ledger_seq = entity_seq - 1"
    };
}

/// Where the attempt's part takes its ledger's row from, when the job's and the attempt's are written at once.
#[cfg(not(bench_bare))]
macro_rules! from_a_entry {
    () => {
        " FROM a_entry"
    };
}

/// The condition that it is the next of the attempt.
#[cfg(not(bench_bare))]
macro_rules! next_of_a_entry {
    () => {
        " AND ledger_seq = entity_seq - 1"
    };
}

/// The build without ledger and outbox writes the same rows by as many statements.
#[cfg(bench_bare)]
macro_rules! nothing {
    ($($said:tt)*) => {
        ""
    };
}
#[cfg(bench_bare)]
use {nothing as entry, nothing as from_a_entry, nothing as next_of_a_entry};
/// What stands before the attempt's part of a statement that moves both.
#[cfg(not(bench_bare))]
macro_rules! and_then {
    () => {
        ", "
    };
}
#[cfg(bench_bare)]
macro_rules! and_then {
    () => {
        "WITH "
    };
}

/// A job's move with its attempt's end or birth, which says what it did as `attempts`.
macro_rules! both {
    ($entry:expr, $attempt:expr) => {
        guarded!("claude_jobs", own one_job!(), fence "attempt = $6",
            with concat!($entry, and_then!(), "both_ways AS (", $attempt, ") "),
            said ", (SELECT count(*) FROM both_ways) AS attempts")
    };
}

statements! {
    END_HELD_JOB = both!(
        entry!(", ", "a_", it "$31", entity "$33", seq "CAST(it[3] AS bigint)", from "it[1]", event "$32", to "$30",
            at "$3", whose "it[13], it[14] FROM a_said"),
        attempt_ends!());
    // $30 the ledger's row and its event, $31 to $39 what is frozen.
    CLAIM_WITH_ATTEMPT = both!(
        entry!(", ", "a_", it "$30", entity "it[3]", seq "1", from "CAST(NULL AS text)", event "'create'", to "it[1]",
            at "$3", whose "j.user_id, j.product_id FROM a_said, claude_jobs j WHERE j.id = $4"),
        concat!("INSERT INTO attempts (job_id, number, token_id, worker_instance_id, host, plan_snapshot, \
            verify_required_snapshot, verify_only_snapshot, branch, claimed_at, status, status_event, ledger_seq, \
            updated_at) SELECT $4, $31, $32, $33, $34, $35, $36, $37, $38, $39, (CAST($30 AS text[]))[1], 'create', 1, \
            $3", from_a_entry!(), " RETURNING 1"));
}

/// The statement that ends a job's hold and its attempt.
pub(super) const END_JOB: Option<&str> = Some(END_HELD_JOB);
/// The statement that claims a job and adds the attempt.
pub(super) const CLAIM_JOB: Option<&str> = Some(CLAIM_WITH_ATTEMPT);

/// What is bound of a move that is noted.
pub(super) type State = Vec<Option<String>>;

#[cfg(not(bench_bare))]
pub(super) use {attempt_first, entry, entry_first, from_entry, next_of_entry, state};
#[cfg(bench_bare)]
pub(super) use {
    nothing as attempt_first, nothing as entry_first, nothing as from_entry, nothing as next_of_entry, state,
};

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
        return Ok(vec![entry.from.map(str::to_owned)]);
    }
    let row = entries::sealed(tx, entry, prev_hash, stamp);
    let seq = row.entity_seq.to_string();
    said(row.from.clone(), seq, row, &told.payload, user, product)
}

/// The status that an attempt is born in, with the ledger's row and the event: to be bound to the statement that adds it.
#[allow(clippy::unused_async, reason = "where it is a statement of its own, it is awaited")]
pub(super) async fn born(
    tx: &mut DbTx,
    entity: &str,
    _of: &JobId,
    stamp: &Stamp,
) -> Result<Vec<Option<String>>, StoreError> {
    let to = Status::Held.word();
    if cfg!(bench_bare) {
        return Ok(vec![Some(to.to_owned())]);
    }
    let entry = Entry { machine: "attempt", entity, entity_seq: 1, from: None, event: "create", to };
    let row = entries::sealed(tx, entry, GENESIS.to_owned(), stamp);
    said(Some(to.to_owned()), entity.to_owned(), row, &Payload::default(), None, None)
}

fn said(
    state: Option<String>,
    place: String,
    row: LedgerEntry,
    payload: &Payload,
    user: Option<String>,
    product: Option<String>,
) -> Result<Vec<Option<String>>, StoreError> {
    let said = kind(&row.machine, &row.event, &row.to).to_owned();
    Ok(vec![
        state,
        Some(row.machine),
        Some(place),
        Some(row.actor_kind),
        Some(row.actor_id),
        row.attempt.map(|attempt| attempt.to_string()),
        Some(row.facts),
        row.evidence,
        Some(row.prev_hash),
        Some(row.hash),
        Some(said),
        Some(outbox::written(payload)?),
        user,
        product,
    ])
}
