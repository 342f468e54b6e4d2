//! Reads text from a file or stdin, up to a limit.

use std::fs::File;
use std::io::{Read, stdin};

use super::error::CliError;

/// The most bytes that are read.
pub(super) const LARGEST: u64 = 1024 * 1024;

/// The text of the file, or of stdin for `-`. `argument` is what the help calls it.
pub(super) fn text_of(argument: &'static str, file: &str, largest: u64) -> Result<String, CliError> {
    let failed = |source| CliError::Io { what: format!("read {file}"), source };
    let from: Box<dyn Read> =
        if file == "-" { Box::new(stdin().lock()) } else { Box::new(File::open(file).map_err(failed)?) };
    let mut bytes = Vec::new();
    from.take(largest + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > largest {
        return Err(CliError::argument(argument, format!("is larger than {largest} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| CliError::argument(argument, "is not UTF-8 text"))
}
