//! Prints the law.

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::print;
use crate::domain::law::{MACHINES, law};
use crate::domain::machine::Edge;

/// Print the legal transitions of every state machine.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One machine only
    #[arg(long, value_name = "MACHINE", value_parser = PossibleValuesParser::new(MACHINES))]
    machine: Option<String>,
    /// As what; JSON with --json
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A matrix a machine, in Markdown
    Md,
    /// A line an edge, with a header
    Csv,
    /// An array of edges
    Json,
    /// Rows for the table `transition_rules`
    Sql,
    /// A state diagram a machine
    Mermaid,
}

/// Answers `sprintgate tables`.
pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let wanted = |edge: &Edge| args.machine.as_deref().is_none_or(|machine| machine == edge.machine);
    let law: Vec<Edge> = law().into_iter().filter(wanted).collect();
    match args.format {
        _ if globals.json => print::json(&law)?,
        Format::Json => print::json(&law)?,
        Format::Md => print::text(&super::markdown(&law))?,
        Format::Csv => print::text(&super::csv(&law))?,
        Format::Sql => print::text(&super::sql(&law))?,
        Format::Mermaid => print::text(&super::mermaid(&law))?,
    }
    Ok(ExitCode::SUCCESS)
}
