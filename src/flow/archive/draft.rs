//! An archive that is being written: whole and on the disk before the database hears of it.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::unit::{Unit, Whole};
use crate::domain::time::Timestamp;
use crate::flow::FlowError;
use crate::flow::audit::bundle::{
    ENTITIES, Entity, KIND_ARCHIVE, LAW, LEDGER, Lines, ROWS, failed, manifest, whole,
};
use crate::store::{ArchivedRow, ArchivedRows, LedgerEntry, LeftRow, NewArchive};

/// Jobs and effects that one archive has at most: the transaction that records it seals their rows.
pub(super) const UNITS_MAX: usize = 200;
/// Rows of the ledger after which an archive takes nothing more.
const ROWS_MAX: usize = 20_000;

/// What an archive is to have. The rows of the tables are written as they come; the ledger is kept until it can be put in
/// its order.
pub(super) struct Draft {
    rows: Lines,
    ledger: Vec<LedgerEntry>,
    entities: Vec<Entity>,
    pub(super) units: Vec<Unit>,
}

/// What was written, and is to be recorded.
pub(super) struct Written {
    pub(super) new: NewArchive,
    pub(super) entities: Vec<Entity>,
    pub(super) units: Vec<Unit>,
}

impl Draft {
    pub(super) fn new(folder: &Path) -> Result<Self, FlowError> {
        // It has plans and summaries: the folder is its owner's only.
        DirBuilder::new().mode(0o700).create(folder).map_err(failed(folder))?;
        Ok(Self {
            rows: Lines::new(folder, ROWS)?,
            ledger: Vec::new(),
            entities: Vec::new(),
            units: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, whole: Whole) -> Result<(), FlowError> {
        whole.rows.iter().try_for_each(|row| self.rows.add(&line(row)))?;
        self.ledger.extend(whole.history);
        self.entities.extend(whole.entities);
        self.units.push(whole.unit);
        Ok(())
    }

    pub(super) fn is_full(&self) -> bool {
        self.units.len() >= UNITS_MAX || self.ledger.len() >= ROWS_MAX
    }

    /// Writes the rest, the manifest last; all of it is on the disk then.
    pub(super) fn end(
        mut self,
        folder: &Path,
        name: String,
        law: &str,
        at: Timestamp,
        checkpoint: Option<&str>,
    ) -> Result<Written, FlowError> {
        self.ledger.sort_by_key(|row| row.seq);
        self.entities.sort();
        let mut ledger = Lines::new(folder, LEDGER)?;
        let mut seals = ArchivedRows::default();
        for row in &self.ledger {
            ledger.add(row)?;
            seals.add(&seal(row));
        }
        let mut entities = Lines::new(folder, ENTITIES)?;
        self.entities.iter().try_for_each(|entity| entities.add(entity))?;
        let files = [
            (LEDGER, ledger.end()?),
            (ENTITIES, entities.end()?),
            (ROWS, self.rows.end()?),
            (LAW, whole(folder, LAW, law)?),
        ];
        let files: BTreeMap<_, _> = files.iter().map(|(name, file)| (*name, file)).collect();
        let manifest = manifest(folder, KIND_ARCHIVE, at, checkpoint, files)?;
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))?;
        let jobs = self.units.iter().filter(|unit| matches!(unit, Unit::Job(_))).count();
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let new = NewArchive {
            name,
            manifest,
            jobs: count(jobs),
            effects: count(self.units.len() - jobs),
            rows: seals.rows(),
            seals: seals.hash(),
        };
        Ok(Written { new, entities: self.entities, units: self.units })
    }
}

/// A row's seal. Which archive has it is no part of its hash.
pub(super) fn seal(row: &LedgerEntry) -> ArchivedRow {
    ArchivedRow {
        seq: row.seq,
        machine: row.machine.clone(),
        entity: row.entity.clone(),
        entity_seq: row.entity_seq,
        hash: row.hash.clone(),
        archive: 0,
    }
}

fn line(row: &LeftRow) -> Value {
    let cells = row.columns.iter().map(|column| (*column).to_owned()).zip(row.cells.iter().cloned());
    json!({ "table": row.table, "row": Map::from_iter(cells) })
}
