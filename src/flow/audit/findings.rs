//! What does not fit: all of it counted, the first of it told.

use crate::store::LedgerEntry;

/// Findings that are listed.
const LISTED: usize = 100;

#[derive(Default)]
pub(in crate::flow) struct Findings {
    pub(in crate::flow) listed: Vec<String>,
    pub(in crate::flow) total: u64,
}

impl Findings {
    pub(in crate::flow) fn add(&mut self, what: String) {
        self.total += 1;
        if self.listed.len() < LISTED {
            self.listed.push(what);
        }
    }

    /// The same of one row, which is named.
    pub(in crate::flow) fn row(&mut self, row: &LedgerEntry, what: &str) {
        self.add(format!("{}: {what}", name(row)));
    }
}

/// A row as findings call it.
pub(in crate::flow) fn name(row: &LedgerEntry) -> String {
    format!("row {} ({} {} #{})", row.seq, row.machine, row.entity, row.entity_seq)
}
