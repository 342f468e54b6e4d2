//! Makes database, user, access token and config file, and keeps what is there and good.

use std::process::ExitCode;

use super::enrol::{Token, enrol};
use super::report::Report;
use crate::cli::config::{Loaded, edit};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{print, wiring};

/// Make the database, a user, an access token and the config file.
///
/// Repeating it keeps a token that is still good. The token is shown nowhere: it is written to the config file,
/// which only you can read.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The user [default: $USER]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
}

/// Answers `sprintgate init`.
pub(crate) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let loaded = globals.load(true)?;
    token_stays_with_its_database(&loaded)?;
    let database_made = !wiring::is_made(&loaded.config.database).await?;
    let app = wiring::create(&loaded.config).await?;
    let enrolled = enrol(&app, &loaded, args.user).await?;

    let setting = loaded.config.database.to_setting();
    let config_made = edit(&loaded.file, |table| {
        table.entry("database").or_insert_with(|| setting.into());
        if let Token::Made(secret) = &enrolled.token {
            table.insert("token".to_owned(), secret.reveal().into());
        }
    })?;
    let report = Report {
        user: enrolled.user,
        token: if matches!(enrolled.token, Token::Made(_)) { "made" } else { "found" },
        database: loaded.config.database.to_string(),
        database_state: if database_made { "made" } else { "found" },
        config: loaded.file.to_string_lossy().into_owned(),
        config_state: if config_made { "made" } else { "found" },
    };
    print::answer(globals.json, &report, Report::for_people)?;
    Ok(ExitCode::SUCCESS)
}

/// A config file belongs to one database: its token would be lost, were it replaced by another database's.
fn token_stays_with_its_database(loaded: &Loaded) -> Result<(), CliError> {
    let has_token = loaded.found.as_ref().is_some_and(|found| found.token.is_some());
    match &loaded.file_database {
        Some(database) if has_token && *database != loaded.config.database => Err(CliError::argument(
            "--database",
            format!(
                "the config file {} belongs to the database {database}; name another file with --config",
                loaded.file.display()
            ),
        )),
        _ => Ok(()),
    }
}
