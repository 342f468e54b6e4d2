//! The commands about jobs.

use std::process::ExitCode;

use super::{cancel, list, show};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List jobs, newest first
    List(list::Args),
    /// Show a job with its attempts and history
    Show(show::Args),
    /// Cancel a job; a worker that holds it is told to stop
    Cancel(cancel::Args),
}

/// Answers `sprintgate job`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::List(args) => list::run(args, globals).await,
        Command::Show(args) => show::run(args, globals).await,
        Command::Cancel(args) => cancel::run(args, globals).await,
    }
}
