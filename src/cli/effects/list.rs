//! Lists and counts effects.

use std::process::ExitCode;

use super::rows::effects_table;
use crate::cli::age::age;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::print;
use crate::cli::table::table;
use crate::domain::effect::Status;
use crate::domain::machine::{UnknownWord, Word};
use crate::flow::wire::{EffectTally, Effects};

/// List effects, newest first, and count those that are not done.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// In this status only: pending, running, retry, done or gave_up [default: all but done]
    #[arg(long, value_parser = status)]
    status: Option<Status>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

/// Answers `sprintgate effects list`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let effects = app.list_effects(&session, args.status, args.limit).await?;
    print::answer(globals.json, &effects, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(effects: &Effects) -> String {
    if effects.counts.is_empty() {
        return effects_table("Nothing waits to be done outside of the database.", &effects.result);
    }
    let row = |count: &EffectTally| {
        [
            count.status.clone(),
            count.kind.clone(),
            count.effects.to_string(),
            age(count.oldest_age_seconds),
            count.oldest_at.clone(),
        ]
    };
    let counts = table(["STATUS", "KIND", "EFFECTS", "OLDEST", "SINCE"], effects.counts.iter().map(row));
    format!("{}\n\n{counts}", effects_table("No effect fits.", &effects.result))
}

fn status(text: &str) -> Result<Status, UnknownWord> {
    Status::parse(&text.to_ascii_uppercase())
}
