//! Lists who keeps a place among the events.

use std::process::ExitCode;

use crate::cli::age::age;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::table::{cell, counted, table_or};
use crate::cli::{plain, print, wiring};
use crate::flow::wire::{Consumers, Holder};

/// Answers `sprintgate events consumers`.
pub(super) async fn run(globals: &Globals) -> Result<ExitCode, CliError> {
    let consumers = wiring::open(&globals.config()?).await?.event_consumers().await?;
    print::answer(globals.json, &consumers, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(consumers: &Consumers) -> String {
    let rows = consumers.result.iter().map(|c| {
        let (oldest, held) = (c.oldest_unseen_seconds.map(age), c.oldest_held_back_seconds.map(age));
        [
            c.name.clone(),
            counted(c.unseen, c.unseen_is_more),
            cell(&oldest),
            counted(c.held_back, c.held_back_is_more),
            cell(&held),
            format!("{} ago", age(c.seen_seconds)),
        ]
    });
    let table = table_or(
        "Nobody keeps a place: `sprintgate events tail --consumer NAME` does.",
        ["CONSUMER", "UNSEEN", "OLDEST UNSEEN", "HELD BACK", "OLDEST HELD BACK", "LAST SEEN"],
        rows.collect(),
    );
    let Some(holder) = &consumers.held_back_by else { return table };
    format!("{table}\n\n{}", held_back(holder))
}

/// Because of whom consumers do not see all events yet.
pub(in crate::cli) fn held_back(holder: &Holder) -> String {
    let since = holder.since.as_ref().map(|since| format!(", open since {since}")).unwrap_or_default();
    format!(
        "Events are held back by the oldest transaction that is open: {}{since}.",
        plain::line(&holder.who)
    )
}
