//! Gives up on an effect.

use std::process::ExitCode;

use super::rows::effects_table;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::print;

/// Give up on an effect that nobody needs. What comes after it in its lane goes on.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The effect's id
    effect: String,
    /// Why, for the ledger: ten characters at least
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Answers `sprintgate effects dismiss`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let dismissed = app.dismiss_effect(&session, &args.effect, &args.reason).await?;
    print::answer(globals.json, &dismissed, |effect| effects_table("", std::slice::from_ref(effect)))?;
    Ok(ExitCode::SUCCESS)
}
