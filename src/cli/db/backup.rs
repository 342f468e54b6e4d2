//! Writes a copy of the database to a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::config::{Database, quoted};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::size::size;
use crate::cli::{plain, print, wiring};
use crate::flow::wire::Saved;

/// Write a copy of an SQLite database to a new file while others go on working.
///
/// The copy is of one moment, is readable by its owner only, was read again (integrity_check) and stands on the disk
/// when this returns. A PostgreSQL database is saved by pg_dump; docs/operations.md tells how, and how to restore both.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file, which must not be there yet
    file: PathBuf,
}

/// Answers `sprintgate db backup`.
pub(super) async fn run(args: &Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let config = globals.config()?;
    let saved = wiring::maintenance(&config).await?.save(&args.file).await?;
    let saved = saved.ok_or_else(|| by_other_means(&config.database, &args.file))?;
    print::answer(globals.json, &saved, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(it: &Saved) -> String {
    let (file, bytes) = (plain::line(&it.file), size(it.bytes));
    format!("{file} has the whole database ({bytes}, schema version {}), and was read again.", it.schema)
}

fn by_other_means(database: &Database, file: &Path) -> CliError {
    let hint = match database {
        Database::File(_) => None,
        Database::Server(url) => {
            let words: Vec<String> = url.entry().iter().map(|word| quoted(word)).collect();
            Some(format!(
                "pg_dump --format=custom --file={} {}\n\
                 with the password in PGPASSFILE (~/.pgpass) or PGSERVICE, never on the command line; \
                 docs/operations.md tells how to restore it",
                quoted(&file.to_string_lossy()),
                words.join(" ")
            ))
        }
    };
    let cause = "a PostgreSQL database is saved by pg_dump, which is made for it";
    CliError::Failed { code: "USE_PG_DUMP", hint, cause: cause.into() }
}
