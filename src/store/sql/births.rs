//! The first ledger row of an entity. Its table refuses to let it be born without one.

use super::entries::{self, Entry, Line};
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

/// One of many that come into being together.
pub(super) struct Birth<'a> {
    pub(super) entity: &'a str,
    pub(super) told: Told<'a>,
    pub(super) stamp: &'a Stamp,
}

/// Notes that entities of a machine come into being, just before their rows are written.
pub(super) async fn note_all<S: Word>(
    tx: &mut DbTx,
    machine: &'static str,
    status: S,
    births: Vec<Birth<'_>>,
) -> Result<(), StoreError> {
    let to = status.word();
    let line = |Birth { entity, told, stamp }| {
        let entry = Entry { machine, entity, entity_seq: 1, from: None, event: "create", to };
        Line { entry, prev_hash: GENESIS.to_owned(), told, stamp }
    };
    let noted = entries::add_all(tx, births.into_iter().map(line).collect()).await;
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
