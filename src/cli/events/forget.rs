//! Forgets a consumer of events.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print, wiring};

/// Forget a consumer, so that nothing is kept for it any more.
///
/// If it comes again, it begins with the oldest event that is kept then.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The consumer, as `events consumers` lists it
    name: String,
}

/// Answers `sprintgate events forget`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    wiring::open(&globals.config()?).await?.forget_events_consumer(&args.name).await?;
    let told = serde_json::json!({ "forgotten": args.name });
    print::answer(globals.json, &told, |_| format!("{} is forgotten.", plain::line(&args.name)))?;
    Ok(ExitCode::SUCCESS)
}
