//! What the spectators see: plain lines, with colour where a terminal shows them.

use std::io::IsTerminal;

use crate::cli::error::CliError;
use crate::cli::{plain, print};

/// Where the lines go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    coloured: bool,
}

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Heading,
    Good,
    Bad,
    Quiet,
}

impl Screen {
    pub(super) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { coloured: wanted && std::io::stdout().is_terminal() }
    }

    /// A heading, after an empty line.
    pub(super) fn heading(self, text: &str) -> Result<(), CliError> {
        print::text("\n")?;
        self.line(Tone::Heading, text)
    }

    /// One line. What came from users and agents cannot steer the terminal.
    pub(super) fn line(self, tone: Tone, text: &str) -> Result<(), CliError> {
        let text = plain::line(text);
        let code = match tone {
            _ if !self.coloured => "",
            Tone::Plain => "",
            Tone::Heading => "1",
            Tone::Good => "32",
            Tone::Bad => "33",
            Tone::Quiet => "2",
        };
        print::text(&if code.is_empty() {
            format!("{text}\n")
        } else {
            format!("\x1b[{code}m{text}\x1b[0m\n")
        })
    }

    /// Lines as they are, without a colour.
    pub(super) fn lines<T: AsRef<str>>(self, lines: impl IntoIterator<Item = T>) -> Result<(), CliError> {
        lines.into_iter().try_for_each(|line| self.line(Tone::Plain, line.as_ref()))
    }
}
