//! Lists who keeps a place among the events.

use std::process::ExitCode;

use crate::cli::age::age;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::table::{cell, table_or};
use crate::cli::{print, wiring};
use crate::flow::wire::Consumers;

/// Answers `sprintgate events consumers`.
pub(super) async fn run(globals: &Globals) -> Result<ExitCode, CliError> {
    let consumers = wiring::open(&globals.config()?).await?.event_consumers().await?;
    print::answer(globals.json, &consumers, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(consumers: &Consumers) -> String {
    let rows = consumers.result.iter().map(|c| {
        let oldest = c.oldest_unseen_seconds.map(age);
        [c.name.clone(), c.unseen.to_string(), cell(&oldest), format!("{} ago", age(c.seen_seconds))]
    });
    table_or(
        "Nobody keeps a place: `sprintgate events tail --consumer NAME` does.",
        ["CONSUMER", "UNSEEN", "OLDEST UNSEEN", "LAST SEEN"],
        rows.collect(),
    )
}
