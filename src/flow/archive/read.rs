//! An archive, read by itself: its files are those of its manifest, each history is whole from birth to end and legal, and
//! the tables' rows say the same. Whether it is the one that the database recorded is asked beside the database.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::draft::seal;
use crate::domain::replay::Lawbook;
use crate::flow::audit::bundle::{
    ENTITIES, Entity, FORMAT, KIND_ARCHIVE, LAW, LEDGER, MANIFEST, Manifest, ROWS, Written,
};
use crate::flow::audit::findings::Findings;
use crate::flow::audit::history::History;
use crate::flow::wire::ArchiveReport;
use crate::store::{ArchivedRows, Current, LedgerEntry, digest, hex};

/// A line of the tables' rows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableRow {
    pub(super) table: String,
    pub(super) row: BTreeMap<String, Value>,
}

/// Reads an archive and checks all that it can say by itself.
#[must_use]
pub fn read_archive(folder: &Path) -> ArchiveReport {
    let mut report = ArchiveReport { folder: folder.display().to_string(), ..ArchiveReport::default() };
    let mut findings = Findings::default();
    let mut files = BTreeMap::new();
    let mut histories = ledger(folder, &mut files, &mut findings, &mut report);
    let mut expected = BTreeMap::new();
    let read = lines(folder, ENTITIES, &mut findings, |entity: Entity, findings| {
        entity_is_there(&entity, &mut histories, findings);
        expected.insert((entity.machine.clone(), entity.entity.clone()), entity);
    });
    files.insert(ENTITIES, read);
    for (machine, entity) in histories.into_keys() {
        findings.add(format!("{machine} {entity}: the ledger knows it, its table does not"));
    }
    report.entities = expected.len() as u64;
    let read = lines(folder, ROWS, &mut findings, |row: TableRow, findings| {
        report.table_rows += 1;
        table_row(&row, &mut expected, findings);
    });
    files.insert(ROWS, read);
    for (machine, entity) in expected.into_keys() {
        findings.add(format!("{ROWS}: it has no row of {machine} {entity}"));
    }
    files.insert(LAW, lines(folder, LAW, &mut findings, |_: serde::de::IgnoredAny, _| ()));
    report.manifest_sha256 = manifest(folder, &files, &mut findings);
    report.ok = findings.total == 0;
    report.findings_total = findings.total;
    report.findings = findings.listed;
    report
}

fn ledger(
    folder: &Path,
    files: &mut BTreeMap<&'static str, Option<Written>>,
    findings: &mut Findings,
    report: &mut ArchiveReport,
) -> BTreeMap<(String, String), History> {
    let law = Lawbook::new();
    let (mut histories, mut seals) = (BTreeMap::new(), ArchivedRows::default());
    let mut last = i64::MIN;
    let read = lines(folder, LEDGER, findings, |row: LedgerEntry, findings| {
        if row.seq <= last {
            findings.row(&row, "its place is not behind the line before it");
        }
        last = row.seq;
        seals.add(&seal(&row));
        let key = (row.machine.clone(), row.entity.clone());
        let history = histories.entry(key).or_insert_with(|| History::of(&row.machine, &row.entity));
        history.row(&law, row, findings);
    });
    files.insert(LEDGER, read);
    report.rows = seals.rows().unsigned_abs();
    report.seals_sha256 = seals.hash();
    if report.rows == 0 {
        findings.add(format!("{LEDGER}: it has no row, so that there was nothing to check"));
    }
    histories
}

fn entity_is_there(
    entity: &Entity,
    histories: &mut BTreeMap<(String, String), History>,
    findings: &mut Findings,
) {
    let Entity { machine, entity: id, status, event, rows } = entity;
    match histories.remove(&(machine.clone(), id.clone())) {
        None => findings.add(format!("{machine} {id}: it has no ledger row")),
        Some(history) => {
            let (entity, status, event) = (id.clone(), status.clone(), event.clone());
            history.end(Some(&Current { entity, status, event, ledger_seq: *rows }), findings);
        }
    }
}

fn table_row(row: &TableRow, expected: &mut BTreeMap<(String, String), Entity>, findings: &mut Findings) {
    let text = |column: &str| row.row.get(column).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |column: &str| row.row.get(column).and_then(Value::as_i64).unwrap_or(i64::MIN);
    let of_job = |column: &str| format!("{}/{}", text("job_id"), number(column));
    let (machine, id) = match row.table.as_str() {
        "claude_jobs" => ("job", text("id")),
        "attempts" => ("attempt", of_job("number")),
        "worktrees" => ("worktree", of_job("attempt")),
        "sprint_task_executions" => ("task_execution", text("id")),
        "effects" => ("effect", text("id")),
        "sent_commits" | "salvages" => return,
        other => return findings.add(format!("{ROWS}: {other} is no table of an archive")),
    };
    let (status, event, rows) = (text("status"), text("status_event"), number("ledger_seq"));
    let is = Entity { machine: machine.to_owned(), entity: id.clone(), status, event, rows };
    if expected.remove(&(machine.to_owned(), id)).is_none_or(|entity| entity != is) {
        findings.add(format!("{ROWS}: the row of {machine} {} is not what the ledger says", is.entity));
    }
}

/// Every line of a file that is what it has to be; the others are found. What the file is, where it can be read.
fn lines<L: serde::de::DeserializeOwned>(
    folder: &Path,
    file: &'static str,
    findings: &mut Findings,
    mut take: impl FnMut(L, &mut Findings),
) -> Option<Written> {
    let mut hasher = Sha256::new();
    let (mut number, mut line) = (0, Vec::new());
    let read = File::open(folder.join(file)).and_then(|open| {
        let mut open = BufReader::new(open);
        while open.read_until(b'\n', &mut line)? > 0 {
            number += 1;
            hasher.update(&line);
            if file != LAW {
                match serde_json::from_slice(&line) {
                    Ok(found) => take(found, findings),
                    Err(error) => findings.add(format!("{file}, line {number}: {error}")),
                }
            }
            line.clear();
        }
        Ok(())
    });
    if let Err(error) = read {
        findings.add(format!("{file}: {error}"));
        return None;
    }
    Some(Written { sha256: hex(&hasher.finalize()), lines: number })
}

/// Holds the files against the manifest; its hash.
fn manifest(
    folder: &Path,
    files: &BTreeMap<&'static str, Option<Written>>,
    findings: &mut Findings,
) -> String {
    let bytes = match std::fs::read(folder.join(MANIFEST)) {
        Ok(bytes) => bytes,
        Err(error) => {
            findings.add(format!("{MANIFEST}: {error}"));
            return String::new();
        }
    };
    match serde_json::from_slice::<Manifest>(&bytes) {
        Err(error) => findings.add(format!("{MANIFEST}: {error}")),
        Ok(manifest) => {
            if manifest.format != FORMAT || manifest.kind != KIND_ARCHIVE {
                findings.add(format!("{MANIFEST}: it is of no archive that this program knows"));
            }
            for (file, written) in files {
                match (manifest.files.get(*file), written) {
                    (None, _) => findings.add(format!("{MANIFEST}: it does not name {file}")),
                    (Some(said), Some(read)) if said != read => {
                        findings.add(format!("{file}: it is not what the manifest says"));
                    }
                    _ => {}
                }
            }
            for strange in manifest.files.keys().filter(|file| !files.contains_key(file.as_str())) {
                findings.add(format!("{MANIFEST}: {strange} is no file of an archive"));
            }
        }
    }
    digest(&bytes)
}
