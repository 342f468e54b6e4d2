//! Verifies the ledger.

use std::path::PathBuf;
use std::process::ExitCode;

use super::rows::{archives, checkpoint, findings};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print, wiring};
use crate::flow::wire::{ArchiveLine, ArchiveReport, AuditReport};

/// Recompute every hash and replay every row; the status is 1 when something does not fit.
///
/// Every row has to have its hash and to follow the row of its entity before it; every move has to be legal; every
/// checkpoint has to bind the rows that are there; every table has to say what the ledger folds to. What a ledger
/// cannot tell by itself is that its end was cut off together with all that the tables knew of it: keep the hash of
/// the last checkpoint elsewhere, and ask for it with --expect.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A checkpoint, or the record of an archive, with this hash has to be there
    #[arg(long, value_name = "HASH")]
    expect: Option<String>,
    /// All archives, to be read too: each has to be the one that the database recorded, with the rows that it sealed, and
    /// those on record that are not given are named
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    archive: Vec<PathBuf>,
}

/// Answers `sprintgate audit verify`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let app = wiring::open(&globals.config()?).await?;
    let report = match &args.expect {
        Some(hash) => app.audit_verify_expecting(hash).await?,
        None => app.audit_verify().await?,
    };
    let read = app.audit_archives(&args.archive).await?;
    let missing = match args.archive.is_empty() {
        true => Vec::new(),
        false => app.archives_not_among(&read).await?,
    };
    let told = Told { ledger: &report, read_archives: &read, archives_not_given: &missing };
    print::answer(globals.json, &told, |told| for_people(told).join("\n"))?;
    let ok = report.ok && read.iter().all(|archive| archive.ok) && missing.is_empty();
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What was found of the ledger, and of the archives that were read with it.
#[derive(serde::Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    ledger: &'a AuditReport,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    read_archives: &'a [ArchiveReport],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    archives_not_given: &'a [ArchiveLine],
}

fn for_people(told: &Told<'_>) -> Vec<String> {
    let report = told.ledger;
    let counted = format!("{} rows of {} entities", report.rows, report.entities);
    let mut lines = match report.ok {
        true => vec![format!("The ledger holds: {counted}.")],
        false => {
            let found = report.findings_total;
            let mut lines = vec![format!("The ledger does not hold: {found} findings in {counted}.")];
            lines.extend(findings(&report.findings));
            if found > report.findings.len() as u64 {
                lines.push(format!("  … the first {} are shown", report.findings.len()));
            }
            lines
        }
    };
    if let Some(last) = &report.last_archive {
        lines.push(format!(
            "{} rows of {} entities left for {} archives; of each the seal holds. The last record, of {}: {}",
            report.archived_rows, report.archived_entities, report.archives, last.name, last.hash
        ));
    }
    lines.extend(report.last_checkpoint.as_ref().map(checkpoint));
    if report.unbound_rows > 0 {
        lines.push(format!("No checkpoint binds the last {} rows yet.", report.unbound_rows));
    }
    lines.extend(archives(told.read_archives));
    lines.extend(told.archives_not_given.iter().map(|one| {
        let name = plain::line(&one.name);
        format!(
            "{name} of {} was not given to --archive: {} jobs, {} effects, {} rows. Manifest {}.",
            one.at, one.jobs, one.effects, one.rows, one.manifest_sha256
        )
    }));
    lines
}
