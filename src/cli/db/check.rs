//! Says whether the database is sound.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print, wiring};
use crate::flow::wire::Checked;

/// Look whether the database is sound; the status is 1 when something is not.
///
/// Files, references and indexes by the database's own means; tables, constraints, CHECKs, indexes and triggers beside
/// those that the migrations make; and the database's copy of the law beside this program's. What the ledger says is
/// verified by `sprintgate audit verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Answers `sprintgate db check`.
pub(super) async fn run(_: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let checked = wiring::maintenance(&globals.config()?).await?.check().await?;
    print::answer(globals.json, &checked, for_people)?;
    Ok(if checked.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn for_people(it: &Checked) -> String {
    let mut lines = vec![format!("{} {}, schema version {}", it.kind, plain::line(&it.database), it.schema)];
    for check in &it.checks {
        lines.push(match (&check.skipped, check.findings.len()) {
            (Some(why), _) => format!("  skipped  {}: {why}", check.what),
            (None, 0) => format!("  sound    {}", check.what),
            (None, found) => format!("  {found:>7}  {}:", check.what),
        });
        lines.extend(check.findings.iter().map(|finding| format!("           {}", plain::line(finding))));
    }
    lines.push(match it.ok {
        true => "Nothing was found. `sprintgate audit verify` reads the ledger.".to_owned(),
        false => "The database is not sound. `sprintgate audit verify` reads the ledger.".to_owned(),
    });
    lines.join("\n")
}
