//! The first ledger row of an entity. Its table refuses to let it be born without one.

use super::entries::{self, Entry};
use super::outbox::Told;
use super::tx::DbTx;
use crate::domain::machine::Word;
use crate::store::{GENESIS, Stamp, StoreError};

/// Notes that an entity comes into being, just before its row is written.
pub(super) async fn note<'a, S: Word>(
    tx: &mut DbTx,
    machine: &'static str,
    entity: &str,
    status: S,
    told: impl Into<Told<'a>>,
    stamp: &Stamp,
) -> Result<(), StoreError> {
    let entry = Entry { machine, entity, entity_seq: 1, from: None, event: "create", to: status.word() };
    let noted = entries::add(tx, entry, GENESIS.to_owned(), told.into(), stamp).await;
    noted.map_err(known(machine))
}

/// Of an entity that the ledger knows, so that it is there already.
pub(super) fn known(machine: &'static str) -> impl Fn(StoreError) -> StoreError {
    move |error| match error {
        StoreError::Duplicate { key } if key.starts_with("ledger.") => {
            StoreError::Duplicate { key: format!("{machine} id") }
        }
        other => other,
    }
}
