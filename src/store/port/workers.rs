//! Worker processes.

use async_trait::async_trait;

use crate::domain::id::{TokenId, WorkerId};
use crate::domain::worker::{Present, Worker};
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
    /// Notes a sign of life; false when the worker is not PRESENT any more. One that tells of the quota is told in the
    /// outbox: those that only say that somebody is there come every few seconds.
    async fn note_seen(&mut self, worker: &Worker<Present>, told_quota: bool) -> Result<bool, StoreError>;
}
