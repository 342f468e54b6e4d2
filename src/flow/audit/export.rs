//! `audit export`: a folder that tells the whole story to somebody who has neither this program nor the database.
//! `docs/audit-bundle.md` describes it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::bundle::{Lines, Written, failed, whole};
use super::tables::Table;
use crate::domain::law::MACHINES;
use crate::flow::fresh::iso;
use crate::flow::wire::{CheckpointLine, Exported};
use crate::flow::{FlowError, Sprintgate};
use crate::store::{Tx, digest};

/// The version of the form.
const FORMAT: u32 = 1;
/// Rows that are read at a time.
const PAGE: u32 = 1000;

const LEDGER: &str = "ledger.jsonl";
const CHECKPOINTS: &str = "checkpoints.jsonl";
const ENTITIES: &str = "entities.jsonl";
const LAW: &str = "transitions.json";
const MANIFEST: &str = "manifest.json";

/// An entity as its table has it.
#[derive(Serialize)]
struct Entity<'a> {
    machine: &'a str,
    entity: &'a str,
    status: &'a str,
    event: &'a str,
    rows: i64,
}

#[derive(Serialize)]
struct Manifest<'a> {
    format: u32,
    program: &'a str,
    at: String,
    last_checkpoint: Option<&'a str>,
    files: BTreeMap<&'a str, &'a Written>,
}

impl Sprintgate {
    /// Writes every row of the ledger, every checkpoint, where each entity is by its table, and the law, of which the
    /// text is `law`, from one snapshot into a new folder.
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
        let files =
            [(LEDGER, &ledger), (CHECKPOINTS, &checkpoints), (ENTITIES, &entities), (LAW, &transitions)];
        let manifest = Manifest {
            format: FORMAT,
            program: concat!("sprintgate ", env!("CARGO_PKG_VERSION")),
            at: iso(tx.now()),
            last_checkpoint: last_checkpoint.as_ref().map(|last| last.hash.as_str()),
            files: files.into(),
        };
        // The manifest comes last: a bundle without it is not whole.
        let text = serde_json::to_string_pretty(&manifest).map_err(|e| failed(folder)(e.into()))? + "\n";
        whole(folder, MANIFEST, &text)?;
        Ok(Exported {
            folder: folder.display().to_string(),
            rows: ledger.lines,
            checkpoints: checkpoints.lines,
            entities: entities.lines,
            last_checkpoint,
            manifest_sha256: digest(text.as_bytes()),
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

async fn entities(tx: &mut dyn Tx, folder: &Path) -> Result<Written, FlowError> {
    let mut file = Lines::new(folder, ENTITIES)?;
    for machine in MACHINES {
        let mut table = Table::of(machine);
        while let Some(row) = table.next(tx).await? {
            file.add(&Entity {
                machine,
                entity: &row.entity,
                status: &row.status,
                event: &row.event,
                rows: row.ledger_seq,
            })?;
        }
    }
    file.end()
}
