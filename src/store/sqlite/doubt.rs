//! A commit that failed. Here it is always known what came of it: it was undone.

use sqlx::sqlite::SqlitePool;

use super::error::store_error;
use crate::store::{LedgerEntry, StoreError};

/// What a transaction would be known again by; here none has to be.
pub(super) struct Mark;

impl Mark {
    pub(super) fn of(_row: &LedgerEntry) -> Self {
        Self
    }
}

pub(super) async fn settle(
    error: sqlx::Error,
    _pool: &SqlitePool,
    _process: i64,
    _mark: Option<&Mark>,
) -> Result<(), StoreError> {
    Err(store_error(error))
}
