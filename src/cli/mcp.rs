//! Serves agents over MCP on stdin and stdout: itself, or as a bridge to the runner that started the agent.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use super::config::Environment;
use super::error::CliError;
use super::globals::Globals;
use super::wiring::{self, Secret};
use crate::flow::Keeper;
use crate::mcp;

/// Serve agents over MCP on stdin and stdout.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Answers `sprintgate mcp`.
pub(crate) async fn run(_args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let ended = match runner_socket()? {
        Some((socket, token)) => mcp::bridge_stdio(&socket, &token).await,
        None => {
            let config = globals.config()?;
            let session = wiring::client(&config)?;
            let app = wiring::open(&config).await?;
            let keeper = Keeper::start(&app);
            let ended = mcp::serve_stdio(app, session).await;
            keeper.stop().await;
            ended
        }
    };
    ended.map_err(|error| CliError::failed("MCP_FAILED", error))?;
    Ok(ExitCode::SUCCESS)
}

/// Where the runner listens that started this agent, and the attempt's token. An agent has no config file: all it
/// may know stands in its environment.
pub(super) fn runner_socket() -> Result<Option<(PathBuf, Secret)>, CliError> {
    let set = |name: &str| std::env::var_os(name).filter(|value: &OsString| !value.is_empty());
    let Some(socket) = set("SPRINTGATE_SOCKET") else { return Ok(None) };
    match Environment::of_process().token()? {
        Some(token) => Ok(Some((PathBuf::from(socket), token))),
        None => Err(CliError::NotInitialised {
            what: "SPRINTGATE_SOCKET is set and SPRINTGATE_TOKEN is not".to_owned(),
        }),
    }
}
