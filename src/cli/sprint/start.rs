//! Starts a sprint run.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::job::jobs_table;
use crate::cli::product::choose;
use crate::cli::{plain, print};
use crate::flow::{RunStarted, StartSprint};

/// Start a sprint run.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name, code or id of the product; not needed when there is only one
    #[arg(long)]
    product: Option<String>,
    /// An existing sprint; a new one is made when absent
    #[arg(long, value_name = "ID", conflicts_with_all = ["pbi", "goal"])]
    sprint: Option<String>,
    /// A backlog item whose open stories a new sprint takes, may be repeated; all that are ready when absent
    #[arg(long, value_name = "CODE")]
    pbi: Vec<String>,
    /// The goal of a new sprint
    #[arg(long, value_name = "TEXT")]
    goal: Option<String>,
}

/// Answers `sprintgate sprint start`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let product = choose(&app, &session, args.product).await?;
    let ask = StartSprint { product, sprint_id: args.sprint, pbis: args.pbi, goal: args.goal };
    let started = app.start_sprint(&session, ask).await?;
    print::answer(globals.json, &started, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(started: &RunStarted) -> String {
    format!(
        "sprint  {} ({})\nrun     {}\n\n{}",
        plain::line(&started.sprint_code),
        plain::line(&started.sprint_id),
        plain::line(&started.sprint_run_id),
        jobs_table("The run has no jobs.", &started.jobs)
    )
}
