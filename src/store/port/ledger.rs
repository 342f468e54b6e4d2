//! The ledger, for those who check it. Only `apply` and the births write it.

use async_trait::async_trait;

use crate::store::{Current, LedgerEntry, StoreError};

/// The ledger, read.
#[async_trait]
pub trait Ledger {
    /// The rows of one entity, first to last, at most `limit`.
    async fn history(
        &mut self,
        machine: &str,
        entity: &str,
        limit: u32,
    ) -> Result<Vec<LedgerEntry>, StoreError>;
    /// Rows after `seq`, in order, at most `limit`.
    async fn ledger_after(&mut self, seq: i64, limit: u32) -> Result<Vec<LedgerEntry>, StoreError>;
    /// The entities of a machine as their table has them, by id, after `after`, at most `limit`.
    async fn current(&mut self, machine: &str, after: &str, limit: u32) -> Result<Vec<Current>, StoreError>;
}
