//! Prints the law.

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;

use super::diff;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::print;
use crate::domain::law::{MACHINES, Machine, machines};

/// Print the legal transitions of every state machine.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// One machine only
    #[arg(long, value_name = "MACHINE", value_parser = PossibleValuesParser::new(MACHINES))]
    machine: Option<String>,
    /// As what; JSON with --json
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Compare two laws that `tables --format json` wrote
    Diff(diff::Args),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A matrix a machine, in Markdown
    Md,
    /// A line an edge, with a header
    Csv,
    /// Everything, for programs and for `tables diff`
    Json,
    /// Rows for the table `transition_rules`
    Sql,
    /// A state diagram a machine
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A picture, of one machine
    Svg,
}

/// Answers `sprintgate tables`.
pub(crate) fn run(args: &Args, globals: &Globals) -> Result<ExitCode, CliError> {
    if let Some(Command::Diff(args)) = &args.command {
        return diff::run(args, globals);
    }
    let wanted = |machine: &Machine| args.machine.as_deref().is_none_or(|wanted| wanted == machine.name);
    let law: Vec<Machine> = machines().into_iter().filter(wanted).collect();
    print::text(&match (args.format, law.as_slice()) {
        _ if globals.json => as_json(&law)?,
        (Format::Json, _) => as_json(&law)?,
        (Format::Md, _) => super::markdown(&law),
        (Format::Csv, _) => super::csv(&law),
        (Format::Sql, _) => super::sql(&law),
        (Format::Mermaid, _) => super::mermaid(&law),
        (Format::Dot, _) => super::dot(&law),
        (Format::Svg, [machine]) => super::svg(machine),
        (Format::Svg, _) => return Err(CliError::argument("--format", "svg needs --machine")),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The law as JSON, whose failure is one of the output.
pub(super) fn as_json(law: &[Machine]) -> Result<String, CliError> {
    super::json(law).map_err(|error| CliError::failed("OUTPUT", error))
}
