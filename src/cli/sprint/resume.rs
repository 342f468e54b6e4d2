//! Lets a run go on that waited for a person.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print};
use crate::flow::wire::RunResumed;

/// Let a run go on that waits for a person.
///
/// Its question is closed, its jobs are handed out again, and its pull requests that did not merge go on. Solve the
/// conflicts first: what is still in the way is found again, and the run waits again.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The id of the run, as `board` shows it
    run: String,
}

/// Answers `sprintgate sprint resume`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let resumed = app.resume_run(&session, &args.run).await?;
    print::answer(globals.json, &resumed, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(resumed: &RunResumed) -> String {
    let run = format!("run  {}  {}", plain::line(&resumed.sprint_run_id), plain::line(&resumed.status));
    let questions = resumed.closed_questions.iter().map(|id| format!("closed question  {}", plain::line(id)));
    let prs = resumed.pull_requests.iter().map(|pr| {
        format!("{}  {}  {}", plain::line(&pr.pr_url), plain::line(&pr.branch), plain::line(&pr.status))
    });
    std::iter::once(run).chain(questions).chain(prs).collect::<Vec<_>>().join("\n")
}
