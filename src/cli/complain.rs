//! Shows an error on stderr: for people in two lines, for programs as one JSON object.

use std::error::Error;
use std::io::{IsTerminal, Write, stderr};

use serde_json::{Value, json};

use super::error::CliError;
use super::plain::{block, json_text};
use crate::domain::shortened::shortened;

/// The longest message that is shown; an argument that is repeated in it may be huge.
const LONGEST: usize = 2000;

/// Shows the error. A stderr that is closed is nobody's problem.
pub(super) fn complain(error: &CliError, as_json: bool) {
    let text =
        if as_json { json_text(&to_json(error).to_string()) } else { for_people(error, is_coloured()) };
    let _ = writeln!(stderr().lock(), "{text}");
}

fn for_people(error: &CliError, coloured: bool) -> String {
    let (red, cyan, off) = if coloured { ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m") } else { ("", "", "") };
    let mut text = format!("{red}error[{}]{off}: {}", error.code(), block(&message(error)));
    if let Some(hint) = error.hint() {
        text.push_str(&format!("\n{cyan}hint{off}: {}", block(&cut(&hint)).replace('\n', "\n      ")));
    }
    text
}

fn to_json(error: &CliError) -> Value {
    let mut object = match error {
        CliError::Flow(error) => error.to_json(),
        _ => json!({ "code": error.code() }),
    };
    if let Value::Object(fields) = &mut object {
        fields.insert("message".to_owned(), message(error).into());
        fields.insert("hint".to_owned(), error.hint().into());
    }
    json!({ "error": object })
}

/// The message with its causes, those left out that the message has in it already.
fn message(error: &CliError) -> String {
    let mut text = error.to_string();
    let mut cause = match error {
        CliError::Failed { cause, .. } => cause.source(),
        _ => error.source(),
    };
    while let Some(next) = cause {
        let next_text = next.to_string();
        if !text.contains(&next_text) {
            text = format!("{text}: {next_text}");
        }
        cause = next.source();
    }
    cut(&text)
}

fn cut(text: &str) -> String {
    shortened(text, LONGEST)
}

/// Colours are for terminals, and not where <https://no-color.org> says no.
pub(super) fn is_coloured() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
