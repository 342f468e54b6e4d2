//! What an archive has of each job and effect, to be held against the rows of the database before they go: a note may have
//! changed since, and is nowhere else.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::read::TableRow;
use super::unit::Unit;
use crate::flow::FlowError;
use crate::flow::audit::bundle::{ROWS, failed};
use crate::store::LeftRow;

/// A hash over the rows of each.
#[derive(Default)]
pub(super) struct Copies(BTreeMap<Unit, Sha256>);

impl Copies {
    /// Reads what an archive has.
    pub(super) fn read(folder: &Path) -> Result<Self, FlowError> {
        let path = folder.join(ROWS);
        let mut copies = Self::default();
        let file = BufReader::new(File::open(&path).map_err(failed(&path))?);
        for line in file.lines() {
            let line = line.map_err(failed(&path))?;
            let TableRow { table, row } =
                serde_json::from_str(&line).map_err(|error| failed(&path)(error.into()))?;
            copies.add(&table, row.iter().map(|(column, cell)| (column.as_str(), cell)).collect());
        }
        Ok(copies)
    }

    /// Whether these are the rows that it has of this one. Of what is gone nothing can differ.
    pub(super) fn are(&self, unit: &Unit, rows: &[LeftRow]) -> bool {
        let mut now = Self::default();
        for row in rows {
            now.add(row.table, row.columns.iter().copied().zip(&row.cells).collect());
        }
        let hash = |copies: &Self| copies.0.get(unit).map(|hasher| hasher.clone().finalize());
        rows.is_empty() || hash(self) == hash(&now)
    }

    /// A column that came after the archive was written says nothing where it is empty.
    fn add(&mut self, table: &str, mut row: BTreeMap<&str, &Value>) {
        let Some(unit) = Unit::of_row(table, |column| row.get(column).copied()) else { return };
        row.retain(|_, cell| !cell.is_null());
        let hasher = self.0.entry(unit).or_default();
        hasher.update(table);
        for (column, cell) in row {
            hasher.update(format!("\n{column} {cell}"));
        }
        hasher.update("\n\n");
    }
}
