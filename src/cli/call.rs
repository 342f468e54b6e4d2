//! Calls one MCP tool and prints its structured answer, for scripts and hooks.

use std::process::ExitCode;

use serde_json::{Map, Value};

use super::error::CliError;
use super::globals::Globals;
use super::input::{LARGEST, text_of};
use super::mcp::runner_socket;
use super::{print, wiring};
use crate::mcp;

/// Call one MCP tool and print its structured answer.
///
/// The status is 1 when the tool refuses; its error is then on stdout too.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The tool, as `wait_for_job`
    tool: String,
    /// Its arguments as a JSON object; `-` reads them from stdin
    #[arg(value_name = "JSON", default_value = "{}")]
    arguments: String,
}

/// Answers `sprintgate call`.
pub(crate) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let arguments = arguments(args.arguments)?;
    let called = match runner_socket()? {
        Some((socket, token)) => mcp::call_socket(&socket, &token, &args.tool, arguments).await,
        None => {
            let config = globals.config()?;
            let session = wiring::client(&config)?;
            mcp::call(wiring::open(&config).await?, session, &args.tool, arguments).await
        }
    };
    let called = called.map_err(|error| CliError::failed("MCP_FAILED", error))?;
    print::json(&called.json)?;
    Ok(if called.is_error { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn arguments(given: String) -> Result<Value, CliError> {
    let text = if given == "-" { text_of("JSON", "-", LARGEST)? } else { given };
    match serde_json::from_str::<Map<String, Value>>(&text) {
        Ok(object) => Ok(Value::Object(object)),
        Err(error) => Err(CliError::argument("JSON", format!("is not a JSON object: {error}"))),
    }
}
