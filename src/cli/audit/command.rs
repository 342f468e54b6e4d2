//! The commands about the ledger.

use std::process::ExitCode;

use super::{archive, checkpoint, export, replay, tail, verify};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Verify(verify::Args),
    Replay(replay::Args),
    Tail(tail::Args),
    Checkpoint(checkpoint::Args),
    Export(export::Args),
    Archive(archive::Args),
}

/// Answers `sprintgate audit`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::Verify(args) => verify::run(args, globals).await,
        Command::Replay(args) => replay::run(args, globals).await,
        Command::Tail(args) => tail::run(args, globals).await,
        Command::Checkpoint(args) => checkpoint::run(args, globals).await,
        Command::Export(args) => export::run(args, globals).await,
        Command::Archive(args) => archive::run(&args, globals),
    }
}
