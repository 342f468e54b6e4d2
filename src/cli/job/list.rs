//! Lists jobs.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::job::jobs_table;
use crate::cli::print;
use crate::cli::product::id_of;
use crate::cli::wiring::JobFilter;
use crate::domain::id::RunId;
use crate::domain::job::Status;
use crate::domain::machine::{UnknownWord, Word};

/// List jobs, newest first.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// In this status only: queued, claimed, running, done, failed or cancelled
    #[arg(long, value_parser = status)]
    status: Option<Status>,
    /// Of this product only: name, code or id
    #[arg(long)]
    product: Option<String>,
    /// Of this sprint run only
    #[arg(long, value_name = "ID")]
    run: Option<RunId>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

/// Answers `sprintgate job list`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let product = match &args.product {
        Some(named) => Some(id_of(&app, &session, named).await?),
        None => None,
    };
    let filtered = product.is_some() || args.run.is_some() || args.status.is_some();
    let filter = JobFilter { product, run: args.run, status: args.status, limit: args.limit };
    let jobs = app.list_jobs(&session, filter).await?;
    let otherwise = if filtered {
        "No job fits; without filters `sprintgate job list` shows all."
    } else {
        "There is no job yet: `sprintgate sprint start` makes jobs of a sprint's tasks."
    };
    print::answer(globals.json, &jobs, |jobs| jobs_table(otherwise, jobs))?;
    Ok(ExitCode::SUCCESS)
}

fn status(text: &str) -> Result<Status, UnknownWord> {
    Status::parse(&text.to_ascii_uppercase())
}
