//! Checks archives without a database.

use std::path::PathBuf;
use std::process::ExitCode;

use super::rows::archives;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::print;
use crate::flow::read_archive;
use crate::flow::wire::ArchiveReport;

/// Check archives by themselves, without a database; the status is 1 when something does not fit.
///
/// Every file has to be that of the manifest, every history whole and legal from birth to end, and the rows of the tables
/// have to say the same. Whether it is the archive that the database recorded is asked by `audit verify --archive`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Archives of `sprintgate db archive`
    #[arg(required = true, value_name = "FOLDER")]
    archives: Vec<PathBuf>,
}

/// Answers `sprintgate audit archive`.
pub(super) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let reports: Vec<ArchiveReport> = args.archives.iter().map(|folder| read_archive(folder)).collect();
    print::answer(globals.json, &reports, |reports| archives(reports).join("\n"))?;
    Ok(if reports.iter().all(|report| report.ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
