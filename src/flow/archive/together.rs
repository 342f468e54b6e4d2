//! Archives beside the database that recorded them.

use std::path::Path;

use super::read::read_archive;
use crate::flow::wire::{ArchiveLine, ArchiveReport};
use crate::flow::{FlowError, Sprintgate};
use crate::store::{ArchiveRecord, Tx};

/// Records that are read at a time.
const PAGE: u32 = 1000;

impl Sprintgate {
    /// Reads archives, each by itself, and looks whether the database recorded that very one and sealed those very rows.
    /// Whether record and seals are what they were is for [`Self::audit_verify`].
    ///
    /// # Errors
    /// When the store fails. What does not fit is in the reports.
    pub async fn audit_archives(
        &self,
        folders: &[impl AsRef<Path>],
    ) -> Result<Vec<ArchiveReport>, FlowError> {
        let records = records(&mut *self.store.read().await?).await?;
        let told = folders.iter().map(|folder| {
            let mut report = read_archive(folder.as_ref());
            if let Some(why) = unlike(&report, folder.as_ref(), &records) {
                report.findings.insert(0, why);
                report.findings_total += 1;
                report.ok = false;
            }
            report
        });
        Ok(told.collect())
    }
}

impl Sprintgate {
    /// The archives on record that these reports are not of: whoever wants to know of every row that left has to find them.
    /// One that was changed is known by its name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn archives_not_among(&self, reports: &[ArchiveReport]) -> Result<Vec<ArchiveLine>, FlowError> {
        let records = records(&mut *self.store.read().await?).await?;
        let is_of =
            |report: &ArchiveReport, record: &ArchiveRecord| report.manifest_sha256 == record.manifest;
        let changed = |report: &&ArchiveReport| !records.iter().any(|record| is_of(report, record));
        let names: Vec<String> =
            reports.iter().filter(changed).map(|report| name_of(report.folder.as_ref())).collect();
        let given = |record: &&ArchiveRecord| {
            reports.iter().any(|report| is_of(report, record)) || names.contains(&record.name)
        };
        Ok(records.iter().filter(|record| !given(record)).map(ArchiveLine::from).collect())
    }
}

async fn records(tx: &mut dyn Tx) -> Result<Vec<ArchiveRecord>, FlowError> {
    let mut records: Vec<ArchiveRecord> = Vec::new();
    loop {
        let page = tx.archives(records.last().map_or(i64::MIN, |last| last.number), PAGE).await?;
        if page.is_empty() {
            return Ok(records);
        }
        records.extend(page);
    }
}

/// Why the database did not record this, if so.
fn unlike(report: &ArchiveReport, folder: &Path, records: &[ArchiveRecord]) -> Option<String> {
    let Some(record) = records.iter().find(|record| record.manifest == report.manifest_sha256) else {
        let name = name_of(folder);
        let same = records.iter().find(|record| record.name == name);
        return Some(match same {
            Some(record) => format!(
                "{name}: its manifest is not the one that the database recorded at {}: it was changed since",
                crate::flow::iso(record.at)
            ),
            None => format!("{name}: the database has no record of it"),
        });
    };
    (record.seals != report.seals_sha256)
        .then(|| format!("{}: its rows are not those that the database sealed", record.name))
}

fn name_of(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
