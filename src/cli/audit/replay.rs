//! Replays one entity.

use std::process::ExitCode;

use super::rows::{findings, history};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print, wiring};
use crate::flow::wire::Replayed;

/// Replay the history of one entity beside its row in the table; the status is 1 when something does not fit.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A job's id, or `machine:id`; six or more characters of the id's beginning do, or of its end where it is one of the
    /// newest 10,000 of its machine
    entity: String,
}

/// Answers `sprintgate audit replay`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let replayed = wiring::open(&globals.config()?).await?.audit_replay(&args.entity).await?;
    print::answer(globals.json, &replayed, for_people)?;
    Ok(if replayed.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn for_people(it: &Replayed) -> String {
    let mut lines = vec![format!("{} {}", it.machine, plain::line(&it.entity)), history(&it.rows)];
    let ledger = format!("the ledger says {} after {} rows", plain::line(&it.status), it.rows.len());
    let table = match &it.table {
        Some(row) => format!("the table says {} after {}", plain::line(&row.status), row.ledger_seq),
        None => "the table does not know it".to_owned(),
    };
    let verdict = if it.ok { "They agree" } else { "Something does not fit" };
    lines.push(format!("{verdict}: {ledger}, {table}."));
    lines.extend(findings(&it.findings));
    lines.join("\n")
}
