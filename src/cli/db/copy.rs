//! Moves a database to another place, of whatever kind.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::config::{Database, Environment, of_copy};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::table::table;
use crate::cli::{plain, print, wiring};
use crate::flow::Copied;

/// Copy the whole database into an empty one, from SQLite to PostgreSQL or back, and verify the copy.
///
/// Everything is copied: ids, times, the ledger with its hashes and checkpoints, events with the places of their
/// consumers, numbers that were given. It happens in one transaction of the other database, which lasts only when
/// every table was read back and found to be the same, and the ledger holds there. Nobody can write to this database
/// meanwhile: workers wait for a few seconds and are then told that the database is busy, so stop them first.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file or the postgres:// address of the other database, without a password
    #[arg(long, value_name = "PATH|URL", conflicts_with = "to_env")]
    to: Option<PathBuf>,
    /// The variable that has it, and may have a password [default: SPRINTGATE_COPY_TO_URL]
    #[arg(long, value_name = "NAME")]
    to_env: Option<String>,
}

/// Answers `sprintgate db copy`.
pub(super) async fn run(args: &Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let config = globals.config()?;
    let to = of_copy(args.to.as_deref(), args.to_env.as_deref(), &Environment::of_process())?;
    if to == config.database {
        return Err(CliError::argument("--to", "is the database that is to be copied"));
    }
    let from = wiring::maintenance(&config).await?;
    let copied = from.copy_to(&wiring::maintenance_of(&to)?).await?;
    print::answer(globals.json, &copied, |copied| for_people(copied, &to))?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(it: &Copied, to: &Database) -> String {
    let rows = it.tables.iter().map(|table| {
        [table.name.clone(), table.rows.to_string(), table.sha256.chars().take(16).collect::<String>()]
    });
    let switch = match to {
        Database::File(path) => {
            format!(
                "Workers and servers use it with SPRINTGATE_DATABASE={}",
                plain::line(&path.to_string_lossy())
            )
        }
        Database::Server(_) => {
            "Workers and servers use it with its address in SPRINTGATE_DATABASE_URL".to_owned()
        }
    };
    [
        format!("{} was copied to {}.", plain::line(&it.from), plain::line(&it.to)),
        table(["TABLE", "ROWS", "SHA-256, THE SAME ON BOTH SIDES"], rows),
        format!("The ledger of the copy holds: {} rows of {} entities.", it.audit.rows, it.audit.entities),
        format!(
            "{switch}, or with `database = \"…\"` in the config file; tokens stay what they are.\n\
             Nothing keeps the two the same from now on: take the old one out of use."
        ),
    ]
    .join("\n\n")
}
