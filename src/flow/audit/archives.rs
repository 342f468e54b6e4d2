//! The records of archives, each by itself, behind the one before it, and beside its seals.

use std::collections::BTreeMap;

use super::sealed::name;
use super::verify::Audit;
use crate::flow::wire::ArchiveLine;
use crate::store::{ArchiveRecord, ArchivedRows, GENESIS, StoreError, Tx, archive_hash};

/// Records and seals that are read at a time.
const PAGE: u32 = 1000;

impl Audit {
    /// Every record, with the seals of its rows; whether one has the hash that is expected.
    pub(super) async fn archives(
        &mut self,
        tx: &mut dyn Tx,
        expected: Option<&str>,
    ) -> Result<bool, StoreError> {
        let mut open: BTreeMap<i64, (ArchiveRecord, ArchivedRows)> = BTreeMap::new();
        let (mut last, mut is_there): (Option<ArchiveRecord>, _) = (None, false);
        loop {
            let page = tx.archives(last.as_ref().map_or(i64::MIN, |last| last.number), PAGE).await?;
            if page.is_empty() {
                break;
            }
            for record in page {
                self.report.archives += 1;
                is_there |= expected == Some(record.hash.as_str());
                self.record(last.as_ref(), &record);
                last = Some(record.clone());
                open.insert(record.number, (record, ArchivedRows::default()));
            }
        }
        self.report.last_archive = last.as_ref().map(ArchiveLine::from);
        let mut after = i64::MIN;
        loop {
            let page = tx.archived_rows(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for seal in &page {
                match open.get_mut(&seal.archive) {
                    Some((_, rows)) => rows.add(seal),
                    None => self.findings.add(format!("{}: there is no record of this archive", name(seal))),
                }
            }
        }
        for (record, rows) in open.into_values() {
            let there = rows.rows();
            if there != record.rows {
                self.findings.add(format!(
                    "archive {} ({}): {there} seals are there, its record says {}",
                    record.number, record.name, record.rows
                ));
            } else if rows.hash() != record.seals {
                self.findings.add(format!(
                    "archive {} ({}): its seals are not those that its record binds",
                    record.number, record.name
                ));
            }
        }
        Ok(is_there)
    }

    /// A record by itself and behind the one before it.
    fn record(&mut self, before: Option<&ArchiveRecord>, record: &ArchiveRecord) {
        let (number, hash) = before.map_or((0, GENESIS), |before| (before.number, &before.hash));
        let name = format!("archive {} ({})", record.number, record.name);
        if archive_hash(record) != record.hash {
            self.findings.add(format!("{name}: its record does not have its hash"));
        }
        if record.prev_hash != hash {
            self.findings.add(format!("{name}: it does not follow the archive before it"));
        }
        if record.number != number.saturating_add(1) {
            self.findings.add(format!("{name}: the number before it is {number}"));
        }
    }
}
