//! What is to be done outside of the database.

use std::process::ExitCode;

use super::{dismiss, list, perform, retry, show};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List effects, newest first, and count them
    List(list::Args),
    /// Show an effect with its history
    Show(show::Args),
    /// Have effects tried again that were given up
    Retry(retry::Args),
    /// Give up on an effect that nobody needs
    Dismiss(dismiss::Args),
    /// Try the effects that are due and that this machine can do
    Run(perform::Args),
}

/// Answers `sprintgate effects`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::List(args) => list::run(args, globals).await,
        Command::Show(args) => show::run(args, globals).await,
        Command::Retry(args) => retry::run(args, globals).await,
        Command::Dismiss(args) => dismiss::run(args, globals).await,
        Command::Run(args) => perform::run(args, globals).await,
    }
}
