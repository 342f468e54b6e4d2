//! What does not fit: all of it counted, the first of it told.

use crate::store::LedgerEntry;

/// Findings that are listed.
const LISTED: usize = 100;

#[derive(Default)]
pub(super) struct Findings {
    pub(super) listed: Vec<String>,
    pub(super) total: u64,
}

impl Findings {
    pub(super) fn add(&mut self, what: String) {
        self.total += 1;
        if self.listed.len() < LISTED {
            self.listed.push(what);
        }
    }

    /// The same of one row, which is named.
    pub(super) fn row(&mut self, row: &LedgerEntry, what: &str) {
        self.add(format!("{}: {what}", name(row)));
    }
}

/// A row as findings call it.
pub(super) fn name(row: &LedgerEntry) -> String {
    format!("row {} ({} {} #{})", row.seq, row.machine, row.entity, row.entity_seq)
}
