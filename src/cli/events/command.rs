//! The commands about events.

use std::process::ExitCode;

use super::{consumers, forget, prune, tail};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Print events, a line each
    Tail(tail::Args),
    /// List who keeps a place among the events, and what they have not handled
    Consumers,
    /// Delete events that are old and that every consumer has handled
    Prune(prune::Args),
    /// Forget a consumer, so that nothing is kept for it any more
    Forget(forget::Args),
}

/// Answers `sprintgate events`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::Tail(args) => tail::run(args, globals).await,
        Command::Consumers => consumers::run(globals).await,
        Command::Prune(args) => prune::run(args, globals).await,
        Command::Forget(args) => forget::run(args, globals).await,
    }
}
