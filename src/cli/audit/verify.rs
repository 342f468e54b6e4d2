//! Recomputes the ledger.

use std::process::ExitCode;

use super::error::CliError;
use super::globals::Globals;
use super::{plain, print, wiring};
use crate::flow::wire::AuditReport;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Recompute every hash and replay every row; the status is 1 when something does not fit
    Verify,
}

/// Answers `sprintgate audit`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    let Command::Verify = command;
    let report = wiring::open(&globals.config()?).await?.audit_verify().await?;
    print::answer(globals.json, &report, for_people)?;
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn for_people(report: &AuditReport) -> String {
    let counted = format!("{} rows of {} entities", report.rows, report.entities);
    if report.ok {
        return format!("The ledger holds: {counted}.");
    }
    let mut lines =
        vec![format!("The ledger does not hold: {} findings in {counted}.", report.findings_total)];
    lines.extend(report.findings.iter().map(|finding| format!("  {}", plain::line(finding))));
    if report.findings_total > report.findings.len() as u64 {
        lines.push(format!("  … the first {} are shown", report.findings.len()));
    }
    lines.join("\n")
}
