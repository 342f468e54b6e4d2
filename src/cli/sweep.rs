//! Takes jobs back from workers that gave no sign of life.

use std::process::ExitCode;

use super::error::CliError;
use super::globals::Globals;
use super::{plain, print, wiring};
use crate::flow::Swept;

/// Take jobs back from workers that gave no sign of life.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Answers `sprintgate sweep`.
pub(crate) async fn run(_args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let swept = wiring::open(&globals.config()?).await?.sweep().await?;
    print::answer(globals.json, &swept, for_people)?;
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
