//! Lists what is kept.

use std::process::ExitCode;

use super::rows::salvages_table;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::job::{JobArg, which};
use crate::cli::print;

/// List the work that was kept of attempts before their worktrees went, newest first.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Of this job only: its id, or six characters or more of the end of it
    #[arg(long)]
    job: Option<JobArg>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

/// Answers `sprintgate salvage list`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let job = match &args.job {
        Some(job) => Some(which(&app, &session, job).await?),
        None => None,
    };
    let salvages = app.list_salvages(&session, job.as_deref(), args.limit).await?;
    print::answer(globals.json, &salvages, |all| salvages_table("Nothing is kept.", all))?;
    Ok(ExitCode::SUCCESS)
}
