//! The commands about products.

use std::process::ExitCode;

use super::{add, list, set};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Add a product, and note where its clone is
    Add(add::Args),
    /// List products, newest first
    List,
    /// Change what a product asks for; what is not named stays
    Set(set::Args),
}

/// Answers `sprintgate product`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::Add(args) => add::run(args, globals).await,
        Command::List => list::run(globals).await,
        Command::Set(args) => set::run(args, globals).await,
    }
}
