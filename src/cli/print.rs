//! Prints to stdout; nothing else does, the protocol of `mcp` aside. A reader that has gone ends the program quietly.

use std::io::{ErrorKind, Write, stdout};

use serde::Serialize;

use super::error::CliError;
use super::plain::json_text;

/// Prints text, and a line break where it has none at its end.
pub(crate) fn text(text: &str) -> Result<(), CliError> {
    let mut out = stdout().lock();
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    write!(out, "{text}{end}").and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => CliError::BrokenPipe,
        _ => CliError::Io { what: "write the output".to_owned(), source: error },
    })
}

/// Prints a value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), CliError> {
    let pretty = serde_json::to_string_pretty(value).map_err(|error| CliError::failed("OUTPUT", error))?;
    text(&json_text(&pretty))
}

/// Prints a value as JSON in one line.
pub(crate) fn json_line(value: &impl Serialize) -> Result<(), CliError> {
    let line = serde_json::to_string(value).map_err(|error| CliError::failed("OUTPUT", error))?;
    text(&json_text(&line))
}

/// Prints a value as JSON where that was asked for, else as people read it.
pub(crate) fn answer<T: Serialize>(
    as_json: bool,
    value: &T,
    people: impl FnOnce(&T) -> String,
) -> Result<(), CliError> {
    if as_json { json(value) } else { text(&people(value)) }
}
