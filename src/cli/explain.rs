//! Says why a job is where it is, and what would move it.

use std::process::ExitCode;

use super::error::CliError;
use super::globals::Globals;
use super::job::{JobArg, which};
use super::{plain, print};
use crate::flow::wire::Explanation;

/// Say why a job is where it is, and what would move it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The job's id, or at least six characters of its end
    #[arg(allow_hyphen_values = true)]
    job: JobArg,
}

/// Answers `sprintgate explain`.
pub(crate) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let job = which(&app, &session, &args.job).await?;
    let explanation = app.explain(&session, &job).await?;
    print::answer(globals.json, &explanation, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(why: &Explanation) -> String {
    let mut text =
        format!("{}  {}\n{}", plain::line(&why.job_id), plain::line(&why.status), plain::line(&why.verdict));
    if let Some(guard) = &why.guard {
        text.push_str(&format!("\n\nguard: {}", plain::line(guard)));
    }
    for (title, lines) in [("facts", &why.facts), ("legal next", &why.legal_next)] {
        if !lines.is_empty() {
            let lines: Vec<String> = lines.iter().map(|line| format!("  {}", plain::line(line))).collect();
            text.push_str(&format!("\n\n{title}:\n{}", lines.join("\n")));
        }
    }
    text
}
