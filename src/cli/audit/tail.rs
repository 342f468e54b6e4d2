//! Prints the end of the ledger, and what comes after it.

use std::process::ExitCode;

use super::rows;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{print, wiring};
use crate::flow::wire::LedgerEntry;

/// Print the last rows of the ledger, one a line; with --json as the lines of a bundle.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// So many rows
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    rows: u32,
    /// Go on with the rows that are written from now on
    #[arg(short, long)]
    follow: bool,
}

/// Answers `sprintgate audit tail`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let app = wiring::open(&globals.config()?).await?;
    let (end, mut tail) = app.audit_tail(args.rows).await?;
    show(globals.json, &end)?;
    if !args.follow {
        return Ok(ExitCode::SUCCESS);
    }
    loop {
        show(globals.json, &tail.more().await?)?;
    }
}

fn show(as_json: bool, rows: &[LedgerEntry]) -> Result<(), CliError> {
    rows.iter()
        .try_for_each(|row| if as_json { print::json_line(row) } else { print::text(&rows::line(row)) })
}
