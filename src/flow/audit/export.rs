//! `audit export`: a folder that tells the whole story to somebody who has neither this program nor the database.
//! `docs/audit-bundle.md` describes it.

use std::path::Path;

use super::bundle::{
    ARCHIVES, CHECKPOINTS, ENTITIES, Entity, KIND_LEDGER, LAW, LEDGER, Lines, SEALS, Written, failed,
    manifest, whole,
};
use super::tables::Table;
use crate::domain::law::MACHINES;
use crate::flow::wire::{CheckpointLine, Exported};
use crate::flow::{FlowError, Sprintgate};
use crate::store::Tx;

/// Rows that are read at a time.
const PAGE: u32 = 1000;

impl Sprintgate {
    /// Writes every row of the ledger, the seals of those that left for archives and the records of these, every
    /// checkpoint, where each entity is by its table, and the law, of which the text is `law`, from one snapshot into a
    /// new folder.
    ///
    /// # Errors
    /// `IO` when the folder cannot be made or is not empty, or a file cannot be written; when the ledger cannot be
    /// read. What was written stays then, without a manifest.
    pub async fn audit_export(&self, folder: &Path, law: &str) -> Result<Exported, FlowError> {
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        if std::fs::read_dir(folder).map_err(failed(folder))?.next().is_some() {
            return Err(failed(folder)(std::io::ErrorKind::DirectoryNotEmpty.into()));
        }
        let mut tx = self.store.read().await?;
        let ledger = ledger(&mut *tx, folder).await?;
        let (checkpoints, last_checkpoint) = checkpoints(&mut *tx, folder).await?;
        let entities = entities(&mut *tx, folder).await?;
        let transitions = whole(folder, LAW, law)?;
        let seals = seals(&mut *tx, folder).await?;
        let archives = archives(&mut *tx, folder).await?;
        let files = [
            (LEDGER, &ledger),
            (SEALS, &seals),
            (ARCHIVES, &archives),
            (CHECKPOINTS, &checkpoints),
            (ENTITIES, &entities),
            (LAW, &transitions),
        ];
        let last = last_checkpoint.as_ref().map(|last| last.hash.as_str());
        let manifest_sha256 = manifest(folder, KIND_LEDGER, tx.now(), last, files.into())?;
        Ok(Exported {
            folder: folder.display().to_string(),
            rows: ledger.lines,
            seals: seals.lines,
            archives: archives.lines,
            checkpoints: checkpoints.lines,
            entities: entities.lines,
            last_checkpoint,
            manifest_sha256,
        })
    }
}

async fn ledger(tx: &mut dyn Tx, folder: &Path) -> Result<Written, FlowError> {
    let mut file = Lines::new(folder, LEDGER)?;
    let mut after = i64::MIN;
    loop {
        let page = tx.ledger_after(after, PAGE).await?;
        let Some(last) = page.last() else { return file.end() };
        after = last.seq;
        page.iter().try_for_each(|row| file.add(row))?;
    }
}

async fn checkpoints(tx: &mut dyn Tx, folder: &Path) -> Result<(Written, Option<CheckpointLine>), FlowError> {
    let mut file = Lines::new(folder, CHECKPOINTS)?;
    let (mut after, mut told) = (i64::MIN, None);
    loop {
        let page = tx.checkpoints(after, PAGE / 10).await?;
        let Some(last) = page.last() else { return Ok((file.end()?, told)) };
        after = last.number;
        told = Some(CheckpointLine::from(last));
        page.iter().try_for_each(|checkpoint| file.add(checkpoint))?;
    }
}

async fn seals(tx: &mut dyn Tx, folder: &Path) -> Result<Written, FlowError> {
    let mut file = Lines::new(folder, SEALS)?;
    let mut after = i64::MIN;
    loop {
        let page = tx.archived_rows(after, PAGE).await?;
        let Some(last) = page.last() else { return file.end() };
        after = last.seq;
        page.iter().try_for_each(|seal| file.add(seal))?;
    }
}

async fn archives(tx: &mut dyn Tx, folder: &Path) -> Result<Written, FlowError> {
    let mut file = Lines::new(folder, ARCHIVES)?;
    let mut after = i64::MIN;
    loop {
        let page = tx.archives(after, PAGE).await?;
        let Some(last) = page.last() else { return file.end() };
        after = last.number;
        page.iter().try_for_each(|archive| file.add(archive))?;
    }
}

async fn entities(tx: &mut dyn Tx, folder: &Path) -> Result<Written, FlowError> {
    let mut file = Lines::new(folder, ENTITIES)?;
    for machine in MACHINES {
        let mut table = Table::of(machine);
        while let Some(row) = table.next(tx).await? {
            file.add(&Entity {
                machine: (*machine).to_owned(),
                entity: row.entity,
                status: row.status,
                event: row.event,
                rows: row.ledger_seq,
            })?;
        }
    }
    file.end()
}
