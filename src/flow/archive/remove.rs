//! What an archive has leaves the database, in transactions that are not long.

use super::copies::Copies;
use super::unit::{Unit, entities_of};
use crate::domain::id::JobId;
use crate::flow::{FlowError, Sprintgate};
use crate::store::{Of, StoreError, Tx};

/// Jobs and effects that leave in one transaction.
const BATCH: usize = 25;

/// What became of those who were to leave.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Removed {
    pub(super) jobs: u64,
    pub(super) effects: u64,
    pub(super) rows: u64,
    /// Why others stay nevertheless.
    pub(super) stay: Vec<String>,
}

impl Sprintgate {
    /// Removes what was recorded and sealed. What something has begun to refer to meanwhile stays, and what is not any more
    /// what the archive has.
    pub(super) async fn remove_archived(
        &self,
        units: &[Unit],
        copies: &Copies,
    ) -> Result<Removed, FlowError> {
        let mut all = Removed::default();
        for batch in units.chunks(BATCH) {
            let removed = self
                .again(|| async {
                    let mut removed = Removed::default();
                    let mut tx = self.store.begin().await?;
                    // Of several products: in the order in which everybody holds them.
                    tx.hold(Of::Jobs(&jobs_of(batch)?), None).await?;
                    for unit in batch {
                        remove(&mut *tx, unit, copies, &mut removed).await?;
                    }
                    tx.commit().await?;
                    Ok(removed)
                })
                .await?;
            all.jobs += removed.jobs;
            all.effects += removed.effects;
            all.rows += removed.rows;
            all.stay.extend(removed.stay);
        }
        Ok(all)
    }
}

fn jobs_of(units: &[Unit]) -> Result<Vec<JobId>, StoreError> {
    let id = |id: &String| {
        let bad = |_| StoreError::Inconsistent { what: format!("job id {id} is malformed") };
        JobId::new(id.clone()).map_err(bad)
    };
    let jobs = units.iter().filter_map(|unit| match unit {
        Unit::Job(job) => Some(id(job)),
        _ => None,
    });
    jobs.collect()
}

async fn remove(
    tx: &mut dyn Tx,
    unit: &Unit,
    copies: &Copies,
    removed: &mut Removed,
) -> Result<(), FlowError> {
    let rows = match unit.held(tx, copies).await? {
        Ok(rows) => rows,
        Err(why) => {
            removed.stay.push(why);
            return Ok(());
        }
    };
    let entities = entities_of(&rows)?;
    for entity in &entities {
        // A row that was written after the archive has no seal: all of it stays.
        let limit = u32::try_from(entity.rows).unwrap_or(u32::MAX).saturating_add(1);
        let sealed = tx.archived_histories(&entity.machine, &entity.entity, i64::MIN, limit).await?;
        let sealed = sealed.iter().take_while(|seal| seal.entity == entity.entity).count();
        if i64::try_from(sealed) != Ok(entity.rows) {
            removed.stay.push("ledger".to_owned());
            return Ok(());
        }
    }
    for entity in &entities {
        removed.rows += tx.remove_history(&entity.machine, &entity.entity).await?;
    }
    match unit {
        _ if entities.is_empty() => {}
        Unit::Job(id) => {
            tx.remove_job(id).await?;
            removed.jobs += 1;
        }
        Unit::Effect(id) => {
            tx.remove_effect(id).await?;
            removed.effects += 1;
        }
    }
    Ok(())
}
