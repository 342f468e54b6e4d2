//! Writes a bundle for auditors.

use std::path::PathBuf;
use std::process::ExitCode;

use super::rows::checkpoint;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print, tables, wiring};
use crate::domain::law::machines;
use crate::flow::wire::Exported;

/// Write a bundle that can be checked without this program: the ledger, its checkpoints, the tables' statuses, the law.
///
/// `docs/audit-bundle.md` describes it, and `docs/check_bundle.py` checks it with Python alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A folder that is not there yet, or is empty
    folder: PathBuf,
}

/// Answers `sprintgate audit export`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let law = tables::json(&machines()).map_err(|error| CliError::failed("OUTPUT", error))?;
    let exported = wiring::open(&globals.config()?).await?.audit_export(&args.folder, &law).await?;
    print::answer(globals.json, &exported, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(it: &Exported) -> String {
    let (rows, checkpoints, entities) = (it.rows, it.checkpoints, it.entities);
    let folder = plain::line(&it.folder);
    let mut lines = vec![
        format!("{folder} has {rows} rows, {checkpoints} checkpoints and {entities} entities."),
        format!("The manifest, which has the hashes of the other files: {}", it.manifest_sha256),
    ];
    lines.extend(it.last_checkpoint.as_ref().map(checkpoint));
    lines.join("\n")
}
