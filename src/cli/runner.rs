//! Placeholder until the runner lands.

use std::process::ExitCode;

use super::config::Config;
use super::error::CliError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_args: Args, _config: Config) -> Result<ExitCode, CliError> {
    Err(CliError::failed("NOT_THERE", "the runner is not built yet"))
}
