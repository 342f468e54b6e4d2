//! Gives salvaged work back.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::job::{JobArg, which};
use crate::cli::{plain, print};
use crate::flow::wire::RestoredSalvage;

/// Give back what is kept of an attempt, as a repository in a folder that is empty or not there.
///
/// Nothing is written over. It stays kept until it is pruned.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The job's id, or six characters or more of the end of it
    job: JobArg,
    /// The folder
    folder: PathBuf,
    /// The attempt [default: the last one of which something is kept]
    #[arg(long, value_name = "N")]
    attempt: Option<u32>,
}

/// Answers `sprintgate salvage restore`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let job = which(&app, &session, &args.job).await?;
    let restored = app.restore_salvage(&session, &job, args.attempt, &args.folder).await?;
    print::answer(globals.json, &restored, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(restored: &RestoredSalvage) -> String {
    let RestoredSalvage { job_id, attempt, commit_sha, folder, branch } = restored;
    let short: String = commit_sha.chars().take(12).collect();
    format!(
        "Restored attempt {attempt} of job {job_id} to {}: branch {branch} at {short}.",
        plain::line(folder)
    )
}
