//! The seals of a machine's entities, beside their histories: an entity has left whole, or is there whole.

use std::collections::{BTreeMap, VecDeque};

use super::findings::{Findings, name as name_of_row};
use super::verify::Audit;
use crate::store::{ArchivedRow, LedgerEntry, StoreError, Tx};

/// Seals that are read at a time.
const PAGE: u32 = 1000;

/// Seals, read in the order of the histories.
pub(super) struct Sealed {
    machine: &'static str,
    page: VecDeque<ArchivedRow>,
    /// Whose seal was read last.
    place: (String, i64),
    is_read: bool,
    /// The seals of the entity whose history is being read, by number.
    now: BTreeMap<i64, ArchivedRow>,
}

impl Sealed {
    pub(super) fn of(machine: &'static str) -> Self {
        Self {
            machine,
            page: VecDeque::new(),
            place: (String::new(), i64::MIN),
            is_read: false,
            now: BTreeMap::new(),
        }
    }

    /// Ends the history before, and takes the seals up to those of this entity, all without one. What has seals and no
    /// history has left.
    pub(super) async fn begin(
        &mut self,
        tx: &mut dyn Tx,
        audit: &mut Audit,
        entity: Option<&str>,
    ) -> Result<(), StoreError> {
        if let Some((number, seal)) = self.now.pop_first() {
            audit.findings.add(format!(
                "{} {}: its row {number} is in an archive and not here, where others of its rows are",
                self.machine, seal.entity
            ));
            self.now.clear();
        }
        let mut left: Option<(String, i64)> = None;
        while let Some(seal) = self.next(tx).await? {
            match entity.map(|entity| seal.entity.as_str().cmp(entity)) {
                Some(std::cmp::Ordering::Equal) => {
                    self.now.insert(seal.entity_seq, seal);
                }
                Some(std::cmp::Ordering::Greater) => {
                    self.page.push_front(seal);
                    break;
                }
                Some(std::cmp::Ordering::Less) | None => {
                    let expected = left.as_ref().filter(|(entity, _)| *entity == seal.entity);
                    let expected = expected.map_or(1, |(_, number)| number.saturating_add(1));
                    if seal.entity_seq != expected {
                        let what = format!("the seal of the entity's row {expected} is missing");
                        audit.findings.add(format!("{}: {what}", name(&seal)));
                    }
                    audit.report.archived_rows += 1;
                    let is_new = left.as_ref().is_none_or(|(entity, _)| *entity != seal.entity);
                    audit.report.archived_entities += u64::from(is_new);
                    left = Some((seal.entity, seal.entity_seq));
                }
            }
        }
        Ok(())
    }

    /// A row of the entity whose seals were taken: where it has one, it is its own.
    pub(super) fn row(&mut self, row: &LedgerEntry, findings: &mut Findings) {
        if let Some(seal) = self.now.remove(&row.entity_seq)
            && (seal.seq, &seal.hash) != (row.seq, &row.hash)
        {
            let what = format!("the seal of archive {} is of another row", seal.archive);
            findings.add(format!("{}: {what}", name_of_row(row)));
        }
    }

    async fn next(&mut self, tx: &mut dyn Tx) -> Result<Option<ArchivedRow>, StoreError> {
        if self.page.is_empty() && !self.is_read {
            let page = tx.archived_histories(self.machine, &self.place.0, self.place.1, PAGE).await?;
            self.is_read = page.len() < PAGE as usize;
            if let Some(last) = page.last() {
                let place = (last.entity.clone(), last.entity_seq);
                // An id that is no text is read as another one, which is not where it stands.
                self.is_read |= place <= self.place;
                self.place = place;
            }
            self.page = page.into();
        }
        Ok(self.page.pop_front())
    }
}

/// A seal as findings call it.
pub(super) fn name(seal: &ArchivedRow) -> String {
    let ArchivedRow { seq, machine, entity, entity_seq, archive, .. } = seal;
    format!("archived row {seq} ({machine} {entity} #{entity_seq}, archive {archive})")
}
