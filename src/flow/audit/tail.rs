//! `audit tail`: the end of the ledger, and what comes after it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::flow::{FlowError, Sprintgate};
use crate::store::{LedgerEntry, Store};

/// Rows that are handed out at a time.
const PAGE: u32 = 1000;
/// The safety net: how long to sleep at most when nobody says that something changed.
const POLL: Duration = Duration::from_secs(5);

/// The place up to which the ledger was read.
pub struct Tail {
    store: Arc<dyn Store>,
    changes: watch::Receiver<u64>,
    after: i64,
}

impl Sprintgate {
    /// The last rows of the ledger, in order, and the place behind them.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn audit_tail(&self, rows: u32) -> Result<(Vec<LedgerEntry>, Tail), FlowError> {
        let changes = self.store.changes();
        let mut tx = self.store.read().await?;
        // The last row tells the place, also where nobody wants to see it.
        let end = tx.ledger_end(rows.max(1)).await?;
        let after = end.last().map_or(0, |last| last.seq);
        let shown = end.len().min(rows as usize);
        let end = end.into_iter().rev().take(shown).rev().collect();
        Ok((end, Tail { store: Arc::clone(&self.store), changes, after }))
    }
}

impl Tail {
    /// Waits for rows behind those that were read, and reads them.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn more(&mut self) -> Result<Vec<LedgerEntry>, FlowError> {
        loop {
            // Listening comes before looking: a change after this line wakes the wait below.
            self.changes.borrow_and_update();
            let rows = self.store.read().await?.ledger_after(self.after, PAGE).await?;
            if let Some(last) = rows.last() {
                self.after = last.seq;
                return Ok(rows);
            }
            match tokio::time::timeout(POLL, self.changes.changed()).await {
                Ok(Ok(())) | Err(_) => {}
                // The store's watcher ended; the poll alone goes on.
                Ok(Err(_)) => tokio::time::sleep(POLL).await,
            }
        }
    }
}
