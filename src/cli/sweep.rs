//! Takes jobs back from workers that gave no sign of life.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

use super::error::CliError;
use super::globals::Globals;
use super::{plain, print, runner, wiring};
use crate::flow::Swept;

/// Take jobs back from workers that gave no sign of life.
///
/// Old events that were handled are deleted, and the ledger is bound by a checkpoint when one is due. Every runner and
/// every MCP server sees to that too, one of them at a time.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Go on until told to stop; with PostgreSQL, tell the programs that listen on `scrum4me_changes`, too
    #[arg(long)]
    watch: bool,
}

/// Answers `sprintgate sweep`.
pub(crate) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let app = wiring::open(&globals.config()?).await?;
    if args.watch {
        let (stop, told) = (CancellationToken::new(), Arc::new(AtomicU8::new(0)));
        runner::listen(&stop, &told)?;
        app.keep(&stop).await;
        return Ok(ExitCode::from(told.load(Ordering::SeqCst)));
    }
    print::answer(globals.json, &app.sweep().await?, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(swept: &Swept) -> String {
    let pruned = (swept.pruned_events > 0).then(|| format!("{} old events deleted", swept.pruned_events));
    if swept.requeued.is_empty() && swept.failed.is_empty() {
        return pruned.unwrap_or_else(|| "No job was stale.".to_owned());
    }
    let queued = swept.requeued.iter().map(|job| format!("queued again  {}", plain::line(job)));
    let failed = swept.failed.iter().map(|job| format!("failed        {}", plain::line(job)));
    queued.chain(failed).chain(pruned).collect::<Vec<_>>().join("\n")
}
