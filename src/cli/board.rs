//! Shows sprint runs, their stories and tasks, and jobs.

use std::process::ExitCode;

use super::error::CliError;
use super::globals::Globals;
use super::job::jobs_table;
use super::{plain, print};
use crate::flow::wire::{Board, RunLine};

/// Show sprint runs, their stories and tasks, and jobs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Answers `sprintgate board`.
pub(crate) async fn run(_args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let board = app.board(&session).await?;
    print::answer(globals.json, &board, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(board: &Board) -> String {
    if board.runs.is_empty() && board.jobs.is_empty() {
        return "The board is empty: `sprintgate import` a plan, then `sprintgate sprint start`.".to_owned();
    }
    let mut parts: Vec<String> = board.runs.iter().map(run_part).collect();
    parts.push(jobs_table("There are no jobs.", &board.jobs));
    parts.join("\n\n")
}

fn run_part(run: &RunLine) -> String {
    let mut lines = vec![format!(
        "{} {}  {}  [{}]  run {}",
        plain::line(&run.sprint_code),
        plain::line(&run.sprint_status),
        plain::line(&run.sprint_goal),
        plain::line(&run.status),
        plain::line(&run.run_id),
    )];
    if let Some(reason) = &run.failure_reason {
        lines.push(format!("  failed: {}", plain::line(reason)));
    }
    for story in &run.stories {
        lines.push(entry(2, &story.status, &story.code, &story.title));
        lines.extend(story.tasks.iter().map(|task| entry(4, &task.status, &task.code, &task.title)));
    }
    lines.join("\n")
}

fn entry(indent: usize, status: &str, code: &str, title: &str) -> String {
    format!("{:indent$}{:<12} {:<10} {}", "", plain::line(status), plain::line(code), plain::line(title))
}
