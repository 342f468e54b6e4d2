//! Worktrees of this machine.

use std::process::ExitCode;

use super::{clean, list};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List everything in the folders of worktrees and vaults, and explain it
    List,
    /// Remove the worktrees of ended attempts, after their work is kept
    #[command(alias = "tidy")]
    Clean(clean::Args),
}

/// Answers `sprintgate worktree`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::List => list::run(globals).await,
        Command::Clean(args) => clean::run(args, globals).await,
    }
}
