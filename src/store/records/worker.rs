//! Worker processes.

use crate::domain::id::{ProductId, UserId};
use crate::domain::worker::{Present, Row, Worker};

/// A worker process to be added.
#[derive(Debug, Clone)]
pub struct NewWorker {
    /// The worker as its machine knows it.
    pub worker: Worker<Present>,
    /// The user behind its token.
    pub user: UserId,
    /// The product that it works for, if it works for one only.
    pub product: Option<ProductId>,
    /// The machine it runs on.
    pub hostname: Option<String>,
    /// Its process there.
    pub pid: Option<u32>,
}

/// A worker process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerRecord {
    /// What the machine knows.
    pub row: Row,
    /// The user behind its token.
    pub user: UserId,
    /// The product that it works for, if it works for one only.
    pub product: Option<ProductId>,
    /// The machine it runs on.
    pub hostname: Option<String>,
    /// Its process there.
    pub pid: Option<u32>,
}
