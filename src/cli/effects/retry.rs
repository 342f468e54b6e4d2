//! Has effects tried again that were given up.

use std::process::ExitCode;

use super::rows::effects_table;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print};
use crate::flow::wire::RetriedEffects;

/// Have effects tried again that were given up: at once, and as often as at first.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The effects' ids
    #[arg(required_unless_present = "all_given_up", conflicts_with = "all_given_up", value_name = "EFFECT")]
    effects: Vec<String>,
    /// All that are given up now
    #[arg(long)]
    all_given_up: bool,
}

/// Answers `sprintgate effects retry`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    if args.all_given_up {
        let retried = app.retry_all_effects(&session).await?;
        print::answer(globals.json, &retried, for_people)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut retried = Vec::new();
    for effect in &args.effects {
        retried.push(app.retry_effect(&session, effect).await?);
    }
    print::answer(globals.json, &retried, |retried| effects_table("", retried))?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(retried: &RetriedEffects) -> String {
    let head = format!("{} effects are tried again.", retried.retried);
    let refused = retried.refused.iter().map(|why| format!("not tried again: {}", plain::line(why)));
    std::iter::once(head).chain(refused).collect::<Vec<_>>().join("\n")
}
