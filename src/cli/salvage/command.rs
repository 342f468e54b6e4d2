//! Work that was kept of attempts before their worktrees went.

use std::process::ExitCode;

use super::{list, prune, restore, show};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List what is kept, newest first
    List(list::Args),
    /// Show the commits and files that are kept of an attempt
    Show(show::Args),
    /// Give back what is kept of an attempt, as a repository in an empty folder
    Restore(restore::Args),
    /// Let go of what was restored or is named
    Prune(prune::Args),
}

/// Answers `sprintgate salvage`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::List(args) => list::run(args, globals).await,
        Command::Show(args) => show::run(args, globals).await,
        Command::Restore(args) => restore::run(args, globals).await,
        Command::Prune(args) => prune::run(args, globals).await,
    }
}
