//! How a move is written with its ledger row and its event: a statement each, for none of them travels.

use super::births;
use super::entries::{self, Entry};
use super::outbox::{Told, Whose};
use super::tx::DbTx;
use crate::domain::attempt::Status;
use crate::domain::id::JobId;
use crate::domain::machine::Word;
use crate::store::{Stamp, StoreError};

/// What the guarded statement begins with.
macro_rules! entry_first {
    () => {
        ""
    };
}

/// What the birth of an attempt begins with.
macro_rules! attempt_first {
    () => {
        ""
    };
}

/// Where it takes the ledger's row from.
macro_rules! from_entry {
    () => {
        ""
    };
}

/// The condition that it is the next of the entity.
macro_rules! next_of_entry {
    () => {
        ""
    };
}

/// The status before, as it is bound.
macro_rules! state {
    ($bound:literal) => {
        $bound
    };
}

pub(super) use {attempt_first, entry_first, from_entry, next_of_entry, state};

/// The statement that ends a job's hold and its attempt, where one does both.
pub(super) const END_JOB: Option<&str> = None;
/// The statement that claims a job and adds the attempt, where one does both.
pub(super) const CLAIM_JOB: Option<&str> = None;

/// What is bound of a move that is noted.
pub(super) type State = Option<&'static str>;

/// Writes the ledger's row and the event; the status before, to be bound to the guarded statement.
pub(super) async fn note(
    tx: &mut DbTx,
    entry: Entry<'_>,
    prev_hash: String,
    told: Told<'_>,
    stamp: &Stamp,
) -> Result<State, StoreError> {
    let from = entry.from;
    entries::add(tx, entry, prev_hash, told, stamp).await?;
    Ok(from)
}

/// Writes the ledger's row and the event of an attempt's birth; the status, to be bound to the statement that adds it.
pub(super) async fn born(
    tx: &mut DbTx,
    entity: &str,
    of: &JobId,
    stamp: &Stamp,
) -> Result<&'static str, StoreError> {
    births::note(tx, "attempt", entity, Status::Held, Whose::Job(of), stamp).await?;
    Ok(Status::Held.word())
}
