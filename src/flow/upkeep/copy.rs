//! `db copy`: moves every row of a database into an empty one, of whatever kind, and looks whether it is the same.

use std::collections::BTreeMap;

use super::{Copied, CopiedTable, Maintenance};
use crate::flow::FlowError;
use crate::flow::audit::verify;
use crate::store::{Content, Moved, StoreError, Table, Whole};

/// Rows that are moved at a time; each may have a plan of a hundred pages.
const PAGE: u32 = 500;
/// Tables that migrations fill: they are compared, not moved.
const FIXED: [&str; 1] = ["transition_rules"];

impl Maintenance {
    /// Moves every row into another database, which has to be empty. Nobody else can write to either meanwhile. All of
    /// it happens in one transaction of the other database, which lasts only when every table was read back and found
    /// to be the same, and the ledger holds there.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` when a schema is not up to date, the other database is not empty, or its tables are others;
    /// when a store fails, or the copy is not the same. Nothing was moved then.
    pub async fn copy_to(&self, other: &Self) -> Result<Copied, FlowError> {
        let schema = self.current().await?;
        if other.known().await?.found == 0 {
            other.of.migrate().await?;
        }
        if other.current().await?.found != schema.found {
            return Err(FlowError::invalid("to", "has another version of the schema"));
        }
        let mut source = self.of.whole().await?;
        let mut target = other.of.blank().await?;
        let all = plan(&source.tables().await?, &target.tables().await?)?;
        let (fixed, moved): (Vec<Moved>, Vec<Moved>) =
            all.into_iter().partition(|moved| FIXED.contains(&moved.table.as_str()));
        for of in &moved {
            if !target.page(of, &[], 1).await?.is_empty() {
                let why = format!("{} is not empty: {} has rows", other.place(), of.table);
                return Err(FlowError::invalid("to", why));
            }
        }
        let numbers = source.numbers().await?;
        target.open_up().await?;
        let mut contents = BTreeMap::new();
        for of in &moved {
            contents.insert(of.table.clone(), moved_rows(&mut *source, Some(&mut *target), of).await?);
        }
        for table in &numbers {
            target.count_on(table).await?;
        }
        target.close_up().await?;
        for of in &fixed {
            contents.insert(of.table.clone(), moved_rows(&mut *source, None, of).await?);
        }
        let mut tables = Vec::new();
        for of in moved.iter().chain(&fixed) {
            let there = moved_rows(&mut *target, None, of).await?;
            let here = contents.remove(&of.table).unwrap_or_default();
            if here != there {
                return Err(unlike(&of.table, &here, &there));
            }
            tables.push(CopiedTable {
                name: of.table.clone(),
                rows: there.rows(),
                sha256: there.hash().to_owned(),
            });
        }
        let audit = verify(target.tx(), None).await?;
        if !audit.ok {
            let first = audit.findings.first().cloned().unwrap_or_default();
            let what =
                format!("the ledger does not hold, {} findings, the first: {first}", audit.findings_total);
            return Err(StoreError::Inconsistent { what }.into());
        }
        // The source was still there, and still ours.
        if source.numbers().await? != numbers {
            return Err(
                StoreError::Inconsistent { what: "the source was written to meanwhile".into() }.into()
            );
        }
        target.commit().await?;
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        let rows = tables.iter().map(|table| table.rows).sum();
        Ok(Copied { from: self.place(), to: other.place(), schema: schema.found, tables, rows, audit })
    }
}

/// Reads a table, and puts its rows into another database where there is one.
async fn moved_rows(
    from: &mut dyn Whole,
    mut to: Option<&mut dyn Whole>,
    of: &Moved,
) -> Result<Content, StoreError> {
    let (mut content, mut after) = (Content::default(), Vec::new());
    loop {
        let rows = from.page(of, &after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(content) };
        after = of.key_of(last);
        rows.iter().for_each(|row| content.add(row));
        if let Some(to) = to.as_deref_mut() {
            to.put(of, rows).await?;
        }
    }
}

fn unlike(table: &str, here: &Content, there: &Content) -> FlowError {
    let what = match here.rows() == there.rows() {
        true => format!("the copy of {table} has other values than the original"),
        false => format!("the copy of {table} has {} rows, the original {}", there.rows(), here.rows()),
    };
    StoreError::Inconsistent { what }.into()
}

/// What is read and written of each table. Both databases have to have the same tables and columns.
fn plan(source: &[Table], target: &[Table]) -> Result<Vec<Moved>, FlowError> {
    let invalid = |why: String| FlowError::invalid("to", why);
    let mut plan = Vec::new();
    for table in source {
        let name = &table.name;
        let like = target.iter().find(|other| other.name == *name);
        let like = like.ok_or_else(|| invalid(format!("has no table {name}, which the source has")))?;
        if let Some(lost) = table
            .columns
            .iter()
            .find(|column| !column.generated && like.columns.iter().all(|other| other.name != column.name))
        {
            return Err(invalid(format!("has no column {}.{}, which the source has", name, lost.name)));
        }
        let mut columns = Vec::new();
        for column in like.columns.iter().filter(|column| !column.generated) {
            let here = table.columns.iter().find(|here| here.name == column.name);
            let kind = here.and_then(|here| here.kind?.with(column.kind?));
            let kind = kind.ok_or_else(|| invalid(format!("has another column {name}.{}", column.name)))?;
            columns.push((column.name.clone(), kind));
        }
        // The hash of a table does not tell in which order a database has its columns.
        columns.sort_by(|(one, _), (other, _)| one.cmp(other));
        let at = |key: &String| columns.iter().position(|(column, _)| column == key);
        let key: Option<Vec<usize>> = table.key.iter().map(at).collect();
        let key = key.filter(|key| !key.is_empty() && table.key == like.key);
        let key = key.ok_or_else(|| invalid(format!("has another key of {name}")))?;
        plan.push(Moved { table: name.clone(), columns, key });
    }
    match target.iter().find(|other| source.iter().all(|table| table.name != other.name)) {
        Some(more) => Err(invalid(format!("has a table {}, which the source has not", more.name))),
        None => Ok(plan),
    }
}
