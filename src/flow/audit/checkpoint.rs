//! Checkpoints are written by whoever sweeps, when one is due, and on demand.

use crate::domain::checkpoint::{ROWS, is_due};
use crate::flow::wire::{CheckpointLine, Checkpointed};
use crate::flow::{FlowError, Sprintgate};
use crate::store::{Checkpoint, Tx};

/// Checkpoints that one sweep writes at most.
const A_SWEEP: usize = 10;

impl Sprintgate {
    /// Binds every row of the ledger that no checkpoint binds yet.
    ///
    /// # Errors
    /// When the store fails; checkpoints that were written stay.
    pub async fn audit_checkpoint(&self) -> Result<Checkpointed, FlowError> {
        let mut told = Checkpointed::default();
        while let Some(made) = self.add_checkpoint().await? {
            told.written += 1;
            told.rows += made.rows.unsigned_abs();
            told.last = Some(CheckpointLine::from(&made));
        }
        if told.last.is_none() {
            let last = self.store.read().await?.last_checkpoint().await?;
            told.last = last.as_ref().map(CheckpointLine::from);
        }
        Ok(told)
    }

    /// Writes the checkpoints that are due, not too many at a time.
    pub(in crate::flow) async fn bind_what_is_due(&self) -> Result<(), FlowError> {
        for _ in 0..A_SWEEP {
            if !due(&mut *self.store.read().await?).await? {
                return Ok(());
            }
            let mut tx = self.store.begin().await?;
            tx.still().await?;
            // Another sweep may have written it meanwhile.
            if !due(&mut *tx).await? || tx.add_checkpoint(ROWS).await?.is_none() {
                return Ok(());
            }
            tx.commit().await?;
        }
        Ok(())
    }

    async fn add_checkpoint(&self) -> Result<Option<Checkpoint>, FlowError> {
        let mut tx = self.store.begin().await?;
        let made = tx.add_checkpoint(ROWS).await?;
        if made.is_some() {
            tx.commit().await?;
        }
        Ok(made)
    }
}

async fn due(tx: &mut dyn Tx) -> Result<bool, FlowError> {
    Ok(tx.unbound().await?.is_some_and(|unbound| is_due(unbound.rows, tx.now() - unbound.since)))
}
