//! From the program's start to its exit status.

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use super::app::Cli;
use super::complain::{complain, is_coloured};
use super::error::CliError;
use super::usage;

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error),
    };
    let as_json = cli.globals.json;
    match log(cli.log_level()).and_then(|()| run(cli)) {
        Ok(code) => code,
        Err(CliError::BrokenPipe) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error, as_json);
            ExitCode::from(error.status())
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::io("start the program's threads"))?;
    runtime.block_on(cli.run())
}

/// Logs to stderr, for stdout belongs to answers and protocol.
fn log(default: &str) -> Result<(), CliError> {
    let asked = std::env::var("SPRINTGATE_LOG").ok().filter(|text| !text.is_empty());
    let filter = EnvFilter::try_new(asked.as_deref().unwrap_or(default)).map_err(|error| {
        CliError::Usage { message: format!("SPRINTGATE_LOG is not a log filter: {error}") }
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(is_coloured())
        .with_target(false)
        .init();
    Ok(())
}
