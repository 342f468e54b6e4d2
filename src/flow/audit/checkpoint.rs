//! Checkpoints are written by whoever sweeps, when one is due, and on demand.

use crate::domain::checkpoint::{ROWS, is_due};
use crate::flow::wire::{CheckpointLine, Checkpointed};
use crate::flow::{FlowError, Sprintgate};
use crate::store::Checkpoint;

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
            let mut tx = self.store.read().await?;
            let Some(unbound) = tx.unbound().await? else { return Ok(()) };
            if !is_due(unbound.rows, tx.now() - unbound.since) {
                return Ok(());
            }
            drop(tx);
            self.add_checkpoint().await?;
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
