//! Answers a command line that is no command: help and version on stdout, mistakes as any other error.

use std::process::ExitCode;

use clap::error::ErrorKind;

use super::complain::complain;
use super::error::CliError;

/// Answers what clap made of the command line.
pub(super) fn answer(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // help for a reader who has gone is no error
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    // the flag may stand after the mistake, where clap did not read on
    let as_json = std::env::args_os().any(|arg| arg == "--json");
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !as_json {
        let _ = error.print();
        return ExitCode::from(2);
    }
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    // the hint says it
    let text = text.split("For more information, try").next().unwrap_or(text);
    let message = text.trim_end().to_owned();
    let error = CliError::Usage { message };
    complain(&error, as_json);
    ExitCode::from(error.status())
}
