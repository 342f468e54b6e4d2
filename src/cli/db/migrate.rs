//! Brings the schema up to date.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{print, wiring};
use crate::flow::Migrated;

/// Bring the schema up to date with this program.
///
/// Every command that opens the database does the same first; those that do it at the same moment wait for each other.
/// An older sprintgate refuses a schema that it does not know, so replace it on every machine at once.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only list what is missing
    #[arg(long)]
    dry_run: bool,
}

/// Answers `sprintgate db migrate`.
pub(super) async fn run(args: &Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let migrated = wiring::maintenance(&globals.config()?).await?.migrate(args.dry_run).await?;
    print::answer(globals.json, &migrated, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(it: &Migrated) -> String {
    let (from, to, at) = (it.from, it.to, &it.database);
    let mut lines = vec![match (it.from == it.to, it.dry_run) {
        (true, _) => format!("{at} has schema version {to}, and nothing is missing."),
        (false, true) => format!("{at} has schema version {from}; version {to} would be made by:"),
        (false, false) => format!("{at} had schema version {from}, and has {to} now:"),
    }];
    lines.extend(it.pending.iter().map(|step| format!("  {:04} {}", step.version, step.name)));
    lines.join("\n")
}
