//! Worktrees of this machine.

use std::process::ExitCode;

use super::error::CliError;
use super::globals::Globals;
use super::{plain, print, wiring};
use crate::flow::Tidied;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Remove the worktrees of ended attempts, after their work is kept
    Tidy,
}

/// Answers `sprintgate worktree`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    let Command::Tidy = command;
    let tidied = wiring::open(&globals.config()?).await?.tidy().await?;
    print::answer(globals.json, &tidied, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(tidied: &Tidied) -> String {
    let named = [("removed", &tidied.removed), ("kept", &tidied.kept), ("skipped", &tidied.skipped)];
    let lines: Vec<String> = named
        .into_iter()
        .flat_map(|(what, names)| names.iter().map(move |name| format!("{what:<9}{}", plain::line(name))))
        .collect();
    if lines.is_empty() { "There are no worktrees.".to_owned() } else { lines.join("\n") }
}
