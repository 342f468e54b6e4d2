//! Cancels a job.

use std::process::ExitCode;

use super::{JobArg, which};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::job::jobs_table;
use crate::cli::print;

/// Cancel a job.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The job's id, or at least six characters of its end
    #[arg(allow_hyphen_values = true)]
    job: JobArg,
    /// Why, for the ledger and the worker
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Answers `sprintgate job cancel`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let job = which(&app, &session, &args.job).await?;
    let cancelled = app.cancel_job(&session, &job, args.reason.as_deref()).await?;
    print::answer(globals.json, &cancelled, |job| jobs_table("", std::slice::from_ref(job)))?;
    Ok(ExitCode::SUCCESS)
}
