//! Lets go of salvaged work.

use std::process::ExitCode;

use super::rows::what;
use crate::cli::age::age;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::job::{JobArg, which};
use crate::cli::span::span;
use crate::cli::{plain, print};
use crate::domain::time::Millis;
use crate::flow::PruneSalvages;
use crate::flow::wire::{PrunedSalvages, SalvageView};

/// Let go of what is kept of a job, or of everything that is old and was restored.
///
/// What nobody named and nobody restored stays.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Of this job, restored or not: its id, or six characters or more of the end of it
    job: Option<JobArg>,
    /// Of this attempt of it only
    #[arg(long, value_name = "N", requires = "job")]
    attempt: Option<u32>,
    /// How old: a number with s, m, h or d [default: 30d, and any age for a job that is named]
    #[arg(long, value_name = "AGE", value_parser = span)]
    older_than: Option<Millis>,
}

/// How old what nobody named is when nobody says.
const OLD: Millis = Millis::minutes(30 * 24 * 60);

/// Answers `sprintgate salvage prune`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let job = match &args.job {
        Some(job) => Some(which(&app, &session, job).await?),
        None => None,
    };
    let usual = if job.is_some() { Millis(0) } else { OLD };
    let ask = PruneSalvages { job, attempt: args.attempt, older_than: args.older_than.unwrap_or(usual) };
    let pruned = app.prune_salvages(&session, &ask).await?;
    print::answer(globals.json, &pruned, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(pruned: &PrunedSalvages) -> String {
    let named = |salvage: &SalvageView| {
        let text = format!("{} attempt {}: {}", salvage.job_id, salvage.attempt, what(salvage));
        format!("{}, {} old", plain::line(&text), age(salvage.age_seconds))
    };
    let gone = pruned.pruned.iter().map(|salvage| format!("{:<9}{}", "pruned", named(salvage)));
    let stays = pruned.kept.iter().map(|one| format!("{:<9}{}: {}", "kept", named(&one.salvage), one.why));
    let mut lines: Vec<String> = gone.chain(stays).collect();
    if let Some(more @ 1..) = pruned.kept_total.checked_sub(pruned.kept.len()) {
        lines.push(format!("{more} more are kept."));
    }
    if lines.is_empty() { "There is nothing to let go of.".to_owned() } else { lines.join("\n") }
}
