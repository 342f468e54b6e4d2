//! Moves what ended long ago out of the database.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::span::span;
use crate::cli::{plain, print, tables, wiring};
use crate::domain::law::machines;
use crate::domain::time::Millis;
use crate::flow::Archive;
use crate::flow::wire::Archived;

/// Move jobs that ended long ago, and effects that are done or dismissed, into archives; the ledger stays verifiable.
///
/// A job leaves with its attempts, worktrees, sent commits and their ledger, once its run has ended and nothing refers to
/// it. Each archive is a folder of at most 200 jobs, written and recorded before anything is removed, while everybody
/// else goes on. When this is interrupted, the same command goes on. docs/audit-bundle.md describes an archive.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long ago it ended at least: a number with s, m, h or d
    #[arg(long, value_name = "AGE", value_parser = span)]
    older_than: Millis,
    /// The folder of archives; each is a new folder in it
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Only count what would leave
    #[arg(long)]
    dry_run: bool,
}

/// Answers `sprintgate db archive`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let law = tables::json(&machines()).map_err(|error| CliError::failed("OUTPUT", error))?;
    let ask = Archive { older_than: args.older_than, to: args.to, law, dry_run: args.dry_run };
    let archived = wiring::open(&globals.config()?).await?.archive(&ask).await?;
    print::answer(globals.json, &archived, for_people)?;
    Ok(if archived.notes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn for_people(it: &Archived) -> String {
    let (jobs, effects, before) = (it.jobs, it.effects, &it.before);
    let mut lines = vec![match it.dry_run {
        true => format!("{jobs} jobs and {effects} effects that ended before {before} would leave."),
        false => format!(
            "{jobs} jobs and {effects} effects that ended before {before} left, with {} rows of the ledger.",
            it.rows
        ),
    }];
    lines.extend(it.archives.iter().map(|one| {
        let name = plain::line(&one.name);
        format!("  {name}: {} jobs, {} effects, manifest {}", one.jobs, one.effects, one.manifest_sha256)
    }));
    if it.resumed > 0 {
        lines.push(format!("{} of them were of archives that were not finished before.", it.resumed));
    }
    lines.extend(it.stay.iter().map(|(why, count)| format!("{count} as old stay: {}", reason(why))));
    lines.extend(it.notes.iter().map(|note| plain::line(note)));
    lines.join("\n")
}

/// Why something stays, in words.
fn reason(why: &str) -> &str {
    match why {
        "run" => "their run has not ended",
        "given_up" => {
            "an effect of theirs was given up; it is a person's to decide (`sprintgate effects list --status gave_up`): \
             `sprintgate effects retry EFFECT` has it tried again, and `sprintgate effects dismiss EFFECT --reason TEXT` \
             lets the job leave as long after as any"
        }
        "open" => "they were opened again meanwhile",
        "effect" => "something is still to be done outside for them, or was not long ago",
        "lane" => "a dismissed effect before them in their lane stays",
        "idea" => "an idea refers to them",
        "cause" => "jobs that stay were cancelled because of them",
        "attempt" | "worktree" => "an attempt or its worktree has not ended",
        "sealed" => "their archive is recorded and cannot be used",
        "changed" => "they changed after their archive was written",
        "ledger" => "their ledger does not hold, or was written to meanwhile (`sprintgate audit verify`)",
        other => other,
    }
}
