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
    /// The last rows, in order.
    async fn ledger_end(&mut self, limit: u32) -> Result<Vec<LedgerEntry>, StoreError>;
    /// The histories of a machine's entities, one entity after another by the bytes of their ids, each first to last;
    /// from behind row `after` of `entity` on, at most `limit` rows.
    async fn histories(
        &mut self,
        machine: &str,
        entity: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerEntry>, StoreError>;
    /// The entities of a machine that the ledger knows and whose id begins with `part`, or ends with it and is among the
    /// ten thousand highest, which are the newest where this program made them; at most `limit` of each.
    async fn entities_named(
        &mut self,
        machine: &str,
        part: &str,
        limit: u32,
    ) -> Result<Vec<String>, StoreError>;
    /// The entities of a machine as their table has them, by the bytes of their ids, from `from` on, at most `limit`.
    async fn current(&mut self, machine: &str, from: &str, limit: u32) -> Result<Vec<Current>, StoreError>;
}
