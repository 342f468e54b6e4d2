//! `audit tail`: the end of the ledger, and what comes after it.
//!
//! Where several transactions write at a time, a row with a lower number may come later than one with a higher. So
//! numbers that are missing are looked for again until no transaction can be left that will write them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::flow::{FlowError, Sprintgate};
use crate::store::{LedgerEntry, Store};

/// Rows that are handed out at a time.
const PAGE: u32 = 1000;
/// The safety net: how long to sleep at most when nobody says that something changed.
const POLL: Duration = Duration::from_secs(5);
/// How long a missing number is looked for: longer than the store lets a transaction wait for a lock, a statement and
/// its own client together.
const LATE: Duration = Duration::from_secs(120);
/// Rows with a later number that are remembered while one is missing.
const TOLD_MAX: usize = 100_000;

/// The place up to which the ledger was read.
pub struct Tail {
    store: Arc<dyn Store>,
    changes: watch::Receiver<u64>,
    told: Told,
}

/// Which rows were told.
#[derive(Debug, Default)]
struct Told {
    /// Every row up to this number was told, or will not come.
    upto: i64,
    /// Told beyond it.
    beyond: BTreeSet<i64>,
    /// Since when the number behind `upto` is missing.
    missing_since: Option<Instant>,
}

impl Sprintgate {
    /// The last rows of the ledger, in order, and the place behind them.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn audit_tail(&self, rows: u32) -> Result<(Vec<LedgerEntry>, Tail), FlowError> {
        let changes = self.store.changes();
        let mut tx = self.store.read().await?;
        // A page tells the place and what is missing before it, also where nobody wants to see as much.
        let end = tx.ledger_end(rows.max(PAGE)).await?;
        let mut told = Told { upto: end.first().map_or(0, |first| first.seq - 1), ..Told::default() };
        told.tell(end.iter().map(|row| row.seq), Instant::now());
        let shown = end.len().min(rows as usize);
        let end = end.into_iter().rev().take(shown).rev().collect();
        Ok((end, Tail { store: Arc::clone(&self.store), changes, told }))
    }
}

impl Tail {
    /// Waits for rows that were not told yet, and reads them: those that came late first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn more(&mut self) -> Result<Vec<LedgerEntry>, FlowError> {
        loop {
            // Listening comes before looking: a change after this line wakes the wait below.
            self.changes.borrow_and_update();
            let again = u32::try_from(self.told.beyond.len()).unwrap_or(u32::MAX);
            let mut rows =
                self.store.read().await?.ledger_after(self.told.upto, PAGE.saturating_add(again)).await?;
            rows.retain(|row| !self.told.beyond.contains(&row.seq));
            self.told.tell(rows.iter().map(|row| row.seq), Instant::now());
            if !rows.is_empty() {
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

impl Told {
    fn tell(&mut self, rows: impl Iterator<Item = i64>, now: Instant) {
        self.beyond.extend(rows);
        self.close_up(now);
        let waited = self.missing_since.is_some_and(|since| now.duration_since(since) >= LATE);
        if waited || self.beyond.len() > TOLD_MAX {
            // Nobody will write the missing ones: their transaction was undone.
            self.upto = self.beyond.last().copied().unwrap_or(self.upto);
            self.beyond.clear();
            self.missing_since = None;
        }
    }

    /// Takes into `upto` what is told without a gap.
    fn close_up(&mut self, now: Instant) {
        let before = self.upto;
        while self.beyond.first().is_some_and(|first| *first == self.upto + 1) {
            self.beyond.pop_first();
            self.upto += 1;
        }
        if self.beyond.is_empty() {
            self.missing_since = None;
        } else if self.missing_since.is_none() || self.upto != before {
            self.missing_since = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_kept_open_until_nobody_can_fill_it() {
        let start = Instant::now();
        let mut told = Told::default();
        told.tell([1, 2, 4, 6].into_iter(), start);
        assert_eq!((told.upto, told.beyond.len()), (2, 2));
        told.tell([3].into_iter(), start + LATE / 2);
        assert_eq!((told.upto, told.beyond.len()), (4, 1), "the next gap has a wait of its own");
        told.tell([7].into_iter(), start + LATE);
        assert_eq!((told.upto, told.beyond.len()), (4, 2));
        told.tell([].into_iter(), start + LATE / 2 + LATE);
        assert_eq!((told.upto, told.beyond.len()), (7, 0));
        told.tell([8].into_iter(), start + LATE * 2);
        assert_eq!((told.upto, told.missing_since), (8, None));
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let mut told = Told::default();
        told.tell(2..=TOLD_MAX as i64 + 2, Instant::now());
        assert_eq!((told.upto, told.beyond.len()), (TOLD_MAX as i64 + 2, 0));
    }
}
