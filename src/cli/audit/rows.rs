//! Rows, checkpoints and findings as people read them.

use crate::cli::plain;
use crate::cli::table::table;
use crate::flow::iso;
use crate::flow::wire::{ArchiveReport, CheckpointLine, LedgerEntry};

/// The last checkpoint in a line.
pub(super) fn checkpoint(last: &CheckpointLine) -> String {
    format!(
        "Checkpoint {} of {} binds every row up to {}: {}",
        last.number, last.at, last.upto_seq, last.hash
    )
}

/// Findings, one a line.
pub(super) fn findings(findings: &[String]) -> impl Iterator<Item = String> {
    findings.iter().map(|finding| format!("  {}", plain::line(finding)))
}

/// Archives, each with what was found.
pub(super) fn archives(reports: &[ArchiveReport]) -> Vec<String> {
    let mut lines = Vec::new();
    for report in reports {
        let folder = plain::line(&report.folder);
        let counted = format!("{} rows of {} entities", report.rows, report.entities);
        lines.push(match report.ok {
            true => format!("{folder} holds: {counted}. Manifest {}.", report.manifest_sha256),
            false => format!("{folder} does not hold: {} findings in {counted}.", report.findings_total),
        });
        lines.extend(findings(&report.findings));
    }
    lines
}

/// One entity's rows as a table.
pub(super) fn history(rows: &[LedgerEntry]) -> String {
    let columns = ["ROW", "#", "TIME", "FROM", "EVENT", "TO", "ACTOR", "ATTEMPT", "FACTS"];
    table(
        columns,
        rows.iter().map(|row| {
            [
                row.seq.to_string(),
                row.entity_seq.to_string(),
                iso(row.at),
                row.from.clone().unwrap_or_else(|| "-".to_owned()),
                row.event.clone(),
                row.to.clone(),
                actor(row),
                row.attempt.map_or_else(|| "-".to_owned(), |attempt| attempt.to_string()),
                row.facts.clone(),
            ]
        }),
    )
}

/// One row in a line.
pub(super) fn line(row: &LedgerEntry) -> String {
    let from = row.from.as_deref().unwrap_or("-");
    let (seq, at, machine, entity, event, to) =
        (row.seq, iso(row.at), &row.machine, &row.entity, &row.event, &row.to);
    let attempt = row.attempt.map(|attempt| format!(" attempt {attempt}")).unwrap_or_default();
    let told = format!(
        "{seq} {at} {machine} {entity}: {from} -{event}-> {to} by {}{attempt} {}",
        actor(row),
        row.facts
    );
    plain::line(&told)
}

fn actor(row: &LedgerEntry) -> String {
    match row.actor_id.as_str() {
        "" => row.actor_kind.clone(),
        id => format!("{} {id}", row.actor_kind),
    }
}
