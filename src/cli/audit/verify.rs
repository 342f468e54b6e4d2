//! Verifies the ledger.

use std::process::ExitCode;

use super::rows::{checkpoint, findings};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{print, wiring};
use crate::flow::wire::AuditReport;

/// Recompute every hash and replay every row; the status is 1 when something does not fit.
///
/// Every row has to have its hash and to follow the row of its entity before it; every move has to be legal; every
/// checkpoint has to bind the rows that are there; every table has to say what the ledger folds to. What a ledger
/// cannot tell by itself is that its end was cut off together with all that the tables knew of it: keep the hash of
/// the last checkpoint elsewhere, and ask for it with --expect.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A checkpoint with this hash has to be there
    #[arg(long, value_name = "HASH")]
    expect: Option<String>,
}

/// Answers `sprintgate audit verify`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let app = wiring::open(&globals.config()?).await?;
    let report = match &args.expect {
        Some(hash) => app.audit_verify_expecting(hash).await?,
        None => app.audit_verify().await?,
    };
    print::answer(globals.json, &report, for_people)?;
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn for_people(report: &AuditReport) -> String {
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
    lines.extend(report.last_checkpoint.as_ref().map(checkpoint));
    if report.unbound_rows > 0 {
        lines.push(format!("No checkpoint binds the last {} rows yet.", report.unbound_rows));
    }
    lines.join("\n")
}
