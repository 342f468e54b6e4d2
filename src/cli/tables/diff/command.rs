//! Compares two laws.

use std::process::ExitCode;

use serde_json::json;

use super::{Facts, diff, read, text};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::input::text_of;
use crate::cli::print;
use crate::cli::tables::command::as_json;
use crate::domain::law::machines;

/// The most bytes of a file that are read.
const LARGEST: u64 = 10 * 1024 * 1024;

/// Say what a law adds to another or takes from it: machines, states, events, births, edges and clauses.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit status: 0 the laws are the same; 1 they differ; 2 one cannot be read.")]
pub(crate) struct Args {
    /// The old law, a file of `sprintgate tables --format json`, `-` for stdin
    #[arg(value_name = "OLD")]
    old: String,
    /// The new law; that of this program when left out
    #[arg(value_name = "NEW")]
    new: Option<String>,
}

/// Answers `sprintgate tables diff`.
pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let old = facts_of("OLD", &read_file("OLD", &args.old)?)?;
    let new = match &args.new {
        Some(file) => facts_of("NEW", &read_file("NEW", file)?)?,
        None => facts_of("NEW", &as_json(&machines())?)?,
    };
    let changes = diff(&old, &new);
    match globals.json {
        true => print::json(&json!({ "equal": changes.is_empty(), "changes": changes }))?,
        false => print::text(&text(&changes))?,
    }
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The text of a file. One that cannot be read is a wrong argument, as status 1 says that laws differ.
fn read_file(argument: &'static str, file: &str) -> Result<String, CliError> {
    text_of(argument, file, LARGEST).map_err(|error| match error {
        CliError::Io { what, source } => CliError::argument(argument, format!("could not {what}: {source}")),
        other => other,
    })
}

fn facts_of(argument: &'static str, text: &str) -> Result<Facts, CliError> {
    let law = read(text).map_err(|error| CliError::argument(argument, error.to_string()))?;
    Facts::try_from(&law).map_err(|error| CliError::argument(argument, error.to_string()))
}
