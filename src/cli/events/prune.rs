//! Deletes old events that everybody has handled.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::span::span;
use crate::cli::{plain, print, wiring};
use crate::domain::time::Millis;
use crate::flow::Pruned;

/// Delete events that are old and that every consumer has handled.
///
/// Servers do it by themselves with what is older than a week.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How old: a number with s, m, h or d
    #[arg(long, value_name = "AGE", default_value = "7d", value_parser = span)]
    older_than: Millis,
}

/// Answers `sprintgate events prune`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let pruned = wiring::open(&globals.config()?).await?.prune_events(args.older_than).await?;
    print::answer(globals.json, &pruned, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(pruned: &Pruned) -> String {
    let deleted = format!("{} events were deleted.", pruned.pruned);
    match &pruned.kept_for {
        None => deleted,
        Some(name) => format!(
            "{deleted} Others are as old, and stay until the consumer {} has handled them, or is forgotten.",
            plain::line(name)
        ),
    }
}
