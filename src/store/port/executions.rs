//! The tasks of a job that implements a whole sprint.

use async_trait::async_trait;

use crate::domain::execution::{Execution, Pending, Row};
use crate::domain::id::ExecutionId;
use crate::store::{Stamp, StoreError};

/// Task executions.
#[async_trait]
pub trait Executions {
    /// Adds an execution, PENDING. A job has one of each task and one at each place, and runs one at a time.
    async fn add_execution(&mut self, new: &Execution<Pending>, stamp: &Stamp) -> Result<(), StoreError>;
    /// An execution. In a transaction that writes, its row is locked.
    async fn execution(&mut self, id: &ExecutionId) -> Result<Option<Row>, StoreError>;
}
