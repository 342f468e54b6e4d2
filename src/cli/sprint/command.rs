//! The commands about sprints.

use std::process::ExitCode;

use super::{resume, start};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Start a sprint run: its tasks become jobs that workers claim
    Start(start::Args),
    /// Let a run go on that waits for a person
    Resume(resume::Args),
}

/// Answers `sprintgate sprint`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::Start(args) => start::run(args, globals).await,
        Command::Resume(args) => resume::run(args, globals).await,
    }
}
