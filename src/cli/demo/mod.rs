//! Placeholder until the demo lands.

use std::process::ExitCode;

use super::error::CliError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_args: Args) -> Result<ExitCode, CliError> {
    Err(CliError::failed("NOT_THERE", "the demo is not built yet"))
}
