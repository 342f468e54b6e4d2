//! `db status`: what there is, how large it is, and who is behind.

use std::collections::BTreeMap;

use super::Maintenance;
use crate::domain::machine::Word;
use crate::flow::FlowError;
use crate::flow::events::{consumers, held_back_by};
use crate::flow::fresh::iso;
use crate::flow::wire::{ArchiveLine, CheckpointLine, DatabaseStatus, StatusCount};
use crate::store::{Place, Tx};

impl Maintenance {
    /// What the database is and holds. Of a schema that is not up to date only what every version has.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn status(&self) -> Result<DatabaseStatus, FlowError> {
        let schema = self.of.schema().await?;
        let extent = self.of.extent().await?;
        let mut told = DatabaseStatus {
            kind: self.of.kind(),
            database: self.of.place(),
            bytes: extent.bytes,
            rows_are_estimates: extent.estimated,
            tables: extent.tables,
            settings: extent.settings,
            ..DatabaseStatus::default()
        };
        if schema.found == schema.known {
            let mut tx = self.of.read().await?;
            of_rows(&mut *tx, &mut told).await?;
        }
        told.schema = schema;
        Ok(told)
    }
}

async fn of_rows(tx: &mut dyn Tx, told: &mut DatabaseStatus) -> Result<(), FlowError> {
    told.oldest_event_at = tx.events_after(Place::default(), 1).await?.first().map(|one| iso(one.event.at));
    told.consumers = consumers(tx).await?;
    told.held_back_by = held_back_by(tx, &told.consumers).await?;
    told.last_checkpoint = tx.last_checkpoint().await?.as_ref().map(CheckpointLine::from);
    told.unbound_rows = tx.unbound().await?.map_or(0, |unbound| unbound.rows);
    told.last_archive = tx.last_archive().await?.as_ref().map(ArchiveLine::from);
    let mut effects = BTreeMap::new();
    for count in tx.count_effects(None).await? {
        *effects.entry(count.status.word()).or_default() += count.effects;
    }
    told.effects =
        effects.into_iter().map(|(status, count)| StatusCount { status: status.to_owned(), count }).collect();
    Ok(())
}
