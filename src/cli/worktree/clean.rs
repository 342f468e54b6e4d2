//! Removes worktrees that nobody needs.

use std::process::ExitCode;

use super::rows::{sized, worktrees_table};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print};
use crate::flow::wire::Cleaned;

/// Remove the worktrees of ended attempts, after their work is kept.
///
/// Runners do it by themselves. A live attempt's worktree is never touched, one of a cancelled attempt stays until its
/// worker confirmed that it stopped or a lease has gone by, and what is not ours is only reported.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
}

/// Answers `sprintgate worktree clean`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let cleaned = app.clean_worktrees(&session, args.dry_run).await?;
    print::answer(globals.json, &cleaned, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(cleaned: &Cleaned) -> String {
    let mut lines = vec![worktrees_table("There are no worktrees.", &cleaned.details, None)];
    let kept = cleaned.details.iter().filter_map(|view| Some((view, view.salvaged.as_ref()?)));
    let kept: Vec<String> = kept
        .map(|(view, kept)| {
            let (folder, reference) = (plain::line(&view.folder), plain::line(&kept.reference));
            format!("What {folder} held is kept at {reference} ({}).", plain::line(&kept.commit))
        })
        .collect();
    if !kept.is_empty() {
        lines.push(kept.join("\n"));
    }
    if !cleaned.removed.is_empty() {
        lines.push(format!("{} freed, {} free.", sized(cleaned.freed_bytes), sized(cleaned.free_bytes)));
    }
    lines.join("\n\n")
}
