//! Shows what salvaged work consists of.

use std::process::ExitCode;

use super::rows::{place, what};
use crate::cli::age::age;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::job::{JobArg, which};
use crate::cli::table::table_or;
use crate::cli::{plain, print};
use crate::flow::wire::SalvageDetail;

/// Show the commits and files that are kept of an attempt.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The job's id, or six characters or more of the end of it
    job: JobArg,
    /// The attempt [default: the last one of which something is kept]
    #[arg(long, value_name = "N")]
    attempt: Option<u32>,
}

/// Answers `sprintgate salvage show`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let job = which(&app, &session, &args.job).await?;
    let detail = app.show_salvage(&session, &job, args.attempt).await?;
    print::answer(globals.json, &detail, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(detail: &SalvageDetail) -> String {
    let salvage = &detail.salvage;
    let facts = [
        ("job", Some(salvage.job_id.clone())),
        ("attempt", Some(salvage.attempt.to_string())),
        ("kept", Some(what(salvage))),
        ("where", Some(place(salvage))),
        ("repository", Some(salvage.repo_url.clone())),
        ("ref", Some(salvage.reference.clone())),
        ("commit", Some(salvage.commit_sha.clone())),
        ("salvaged", Some(format!("{} ({} ago)", salvage.salvaged_at, age(salvage.age_seconds)))),
        ("restored", salvage.restored_at.clone()),
    ];
    let line = |(name, value): (&str, Option<String>)| Some(format!("{name:<12}{}", plain::line(&value?)));
    let mut parts = vec![facts.into_iter().filter_map(line).collect::<Vec<_>>().join("\n")];
    if salvage.is_here {
        let commits = detail.commits.iter().map(|one| {
            let short = one.commit_sha.chars().take(12).collect();
            [short, one.at.clone(), one.author.clone(), one.title.clone()]
        });
        let files = detail.files.iter().map(|file| [file.change.clone(), file.path.clone()]);
        parts.push(table_or("No commit is kept.", ["COMMIT", "AT", "AUTHOR", "TITLE"], commits.collect()));
        parts.push(table_or("No file is kept.", ["CHANGE", "FILE"], files.collect()));
    }
    if detail.is_more {
        parts.push("There is more than is listed; restore it to see all.".to_owned());
    }
    parts.join("\n\n")
}
