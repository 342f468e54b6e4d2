//! The entities of a machine as their table has them, one after another beside their histories.

use std::collections::VecDeque;

use super::findings::Findings;
use crate::store::{Current, StoreError, Tx};

/// Rows that are read at a time.
const PAGE: u32 = 1000;

/// A table, read in the order of its ids' bytes, which is that of the histories.
pub(super) struct Table {
    machine: &'static str,
    page: VecDeque<Current>,
    /// The id that was read last.
    last: Option<String>,
    is_read: bool,
}

impl Table {
    pub(super) fn of(machine: &'static str) -> Self {
        Self { machine, page: VecDeque::new(), last: None, is_read: false }
    }

    /// The next row.
    pub(super) async fn next(&mut self, tx: &mut dyn Tx) -> Result<Option<Current>, StoreError> {
        if self.page.is_empty() && !self.is_read {
            let last = self.last.take();
            let page = tx.current(self.machine, last.as_deref().unwrap_or(""), PAGE + 1).await?;
            self.is_read = page.len() <= PAGE as usize;
            // It begins with the id that was read last.
            self.page = page.into_iter().filter(|row| last.as_ref() != Some(&row.entity)).collect();
            self.last = self.page.back().map(|row| row.entity.clone());
            // An id that is no UTF-8 is read as another one, which is not where it stands.
            self.is_read |= self.last <= last;
        }
        Ok(self.page.pop_front())
    }

    /// The row of this entity; rows before it have no history.
    pub(super) async fn row(
        &mut self,
        tx: &mut dyn Tx,
        entity: &str,
        findings: &mut Findings,
    ) -> Result<Option<Current>, StoreError> {
        while let Some(row) = self.next(tx).await? {
            match row.entity.as_str().cmp(entity) {
                std::cmp::Ordering::Less => self.unknown(&row, findings),
                std::cmp::Ordering::Equal => return Ok(Some(row)),
                std::cmp::Ordering::Greater => {
                    self.page.push_front(row);
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    /// The rows that are left have no history.
    pub(super) async fn rest(&mut self, tx: &mut dyn Tx, findings: &mut Findings) -> Result<(), StoreError> {
        while let Some(row) = self.next(tx).await? {
            self.unknown(&row, findings);
        }
        Ok(())
    }

    fn unknown(&self, row: &Current, findings: &mut Findings) {
        findings.add(format!("{} {}: it has no ledger row", self.machine, row.entity));
    }
}
