//! The commands about the database. None of them needs the server stopped, and none needs an access token.

use std::process::ExitCode;

use super::{archive, backup, check, copy, migrate, status};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Say what the database is, how large it is, and who is behind
    Status,
    Migrate(migrate::Args),
    Backup(backup::Args),
    Check(check::Args),
    Copy(copy::Args),
    Archive(archive::Args),
}

/// Answers `sprintgate db`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    match command {
        Command::Status => status::run(globals).await,
        Command::Migrate(args) => migrate::run(&args, globals).await,
        Command::Backup(args) => backup::run(&args, globals).await,
        Command::Check(args) => check::run(args, globals).await,
        Command::Copy(args) => copy::run(&args, globals).await,
        Command::Archive(args) => archive::run(args, globals).await,
    }
}
