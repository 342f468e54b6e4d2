//! Where a store has the time from.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::time::Timestamp;

/// Where a transaction's time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The database reads it, once a transaction.
    Database,
    /// A test sets it, in milliseconds since 1970.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The time that was set, if one was.
    pub(crate) fn set(&self) -> Option<Timestamp> {
        match self {
            Self::Database => None,
            Self::Manual(time) => Some(Timestamp(time.load(Ordering::SeqCst))),
        }
    }
}
