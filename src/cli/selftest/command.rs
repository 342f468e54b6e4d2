//! The checks, one after the other.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

use super::told::{Ended, Told};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::runner::listen;
use crate::cli::wiring::{self, DatabaseUrl};
use crate::conformance::{self, CHECKS, Check, Database, Failed, Scale};

/// The variable that an address is taken from.
const VARIABLE: &str = "SPRINTGATE_DATABASE_URL";

const AFTER: &str = "\
Thousands of jobs, workers that race each other, and use cases that end in their middle: some minutes.
With an address it runs in that PostgreSQL database, in a schema of its own (sprintgate_selftest_ and
eight digits), which is dropped at the end, after a failure, and on Ctrl-C; nothing else of the
database is touched. The role needs CREATE on the database. Without an address it runs on a SQLite
file that is thrown away.

Exit status: 0 every check holds; 1 one does not; 130 or 143 it was stopped.";

/// Check that a database holds what Sprintgate needs of it.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    /// Only the checks whose names have one of these words in them
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// The address, as postgres://user@host:port/database [env: SPRINTGATE_DATABASE_URL]. Everybody on this machine
    /// can read a flag in the list of processes: an address with a password is taken from the variable only
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// On a SQLite file, whatever the variable says
    #[arg(long, conflicts_with = "database_url")]
    sqlite: bool,
    /// Only so much that it takes a minute or two
    #[arg(long)]
    brief: bool,
    /// Check nothing; drop the schemas that a selftest left which was killed
    #[arg(long, conflicts_with_all = ["words", "brief", "sqlite"])]
    clean: bool,
}

/// Answers `sprintgate selftest`.
pub(crate) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    globals.without_database("selftest makes a database of its own; --database-url says on which server")?;
    let (stop, signal) = (CancellationToken::new(), Arc::new(AtomicU8::new(0)));
    listen(&stop, &signal)?;
    let database = database(&args)?;
    let told = Told::new(globals.json);
    if let Database::Postgres(url) = &database {
        let unavailable = |failed| wiring::unavailable(url, failed);
        if args.clean {
            told.cleaned(&conformance::clean(url).await.map_err(unavailable)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        told.left_over(&conformance::left_over(url).await.map_err(unavailable)?)?;
    } else if args.clean {
        return Err(CliError::argument("--clean", "a SQLite file leaves nothing; say which server is meant"));
    }
    let scale = if args.brief { Scale::BRIEF } else { Scale::FULL };
    let mut ended = Ended::default();
    for check in chosen(&args.words)? {
        let outcome = conformance::run(check, &database, scale, &stop).await;
        if let (Err(Failed::Stopped), true) = (&outcome.seen, stop.is_cancelled()) {
            return Ok(ExitCode::from(signal.load(Ordering::SeqCst)));
        }
        ended.count(&outcome);
        told.check(check, &outcome)?;
    }
    told.summary(&database, &ended)?;
    Ok(if ended.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The checks whose names have one of the words in them; all when there is no word.
fn chosen(words: &[String]) -> Result<Vec<&'static Check>, CliError> {
    let is_meant =
        |check: &&Check| words.is_empty() || words.iter().any(|word| check.name.contains(word.as_str()));
    let chosen: Vec<_> = CHECKS.iter().filter(is_meant).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        return Err(CliError::argument("WORD", format!("is in the name of no check: {}", names.join(", "))));
    }
    Ok(chosen)
}

fn database(args: &Args) -> Result<Database, CliError> {
    if args.sqlite {
        return Ok(Database::Sqlite);
    }
    if let Some(text) = &args.database_url {
        let url = address("--database-url", text)?;
        if url.has_password() {
            let why = format!(
                "has a password, which every user of this machine can read in the list of processes; put the \
                 address into {VARIABLE}"
            );
            return Err(CliError::argument("--database-url", why));
        }
        return Ok(Database::Postgres(url));
    }
    match std::env::var(VARIABLE) {
        Ok(text) if DatabaseUrl::is_meant(&text) => address(VARIABLE, &text).map(Database::Postgres),
        Ok(_) | Err(std::env::VarError::NotPresent) => Ok(Database::Sqlite),
        Err(std::env::VarError::NotUnicode(_)) => Err(CliError::argument(VARIABLE, "is no text")),
    }
}

fn address(argument: &'static str, text: &str) -> Result<DatabaseUrl, CliError> {
    DatabaseUrl::parse(text).map_err(|error| CliError::argument(argument, error.to_string()))
}
