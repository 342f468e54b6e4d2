//! Worker processes.

use async_trait::async_trait;

use crate::domain::id::{TokenId, WorkerId};
use crate::store::{NewWorker, Stamp, StoreError, WorkerRecord};

/// Worker processes.
#[async_trait]
pub trait Workers {
    /// Adds a worker, PRESENT. Token and instance are its identity.
    async fn add_worker(&mut self, new: &NewWorker, stamp: &Stamp) -> Result<(), StoreError>;
    /// A worker. In a transaction that writes, its row is locked.
    async fn worker(
        &mut self,
        token: &TokenId,
        instance: &WorkerId,
    ) -> Result<Option<WorkerRecord>, StoreError>;
}
