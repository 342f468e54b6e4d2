//! Writes checkpoints.

use std::process::ExitCode;

use super::rows::checkpoint;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{print, wiring};
use crate::flow::wire::Checkpointed;

/// Bind every row of the ledger that no checkpoint binds yet, and print the last checkpoint.
///
/// A checkpoint binds the rows of all entities in their order. Sweeps write them by themselves, before a row has
/// stood for ten minutes without one. Keep the hash where nobody who can change the database can change it, and give
/// it to `audit verify --expect` later.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Answers `sprintgate audit checkpoint`.
pub(super) async fn run(_args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let told = wiring::open(&globals.config()?).await?.audit_checkpoint().await?;
    print::answer(globals.json, &told, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(told: &Checkpointed) -> String {
    let bound = match told.written {
        0 => "No row was without a checkpoint.".to_owned(),
        _ => format!("Bound {} rows by {} new checkpoint(s).", told.rows, told.written),
    };
    let lines = [Some(bound), told.last.as_ref().map(checkpoint)];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
