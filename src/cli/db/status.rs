//! Says what the database is and holds.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::events::held_back;
use crate::cli::globals::Globals;
use crate::cli::size::size;
use crate::cli::table::{cell, counted, table};
use crate::cli::{plain, print, wiring};
use crate::flow::wire::DatabaseStatus;

/// Answers `sprintgate db status`.
pub(super) async fn run(globals: &Globals) -> Result<ExitCode, CliError> {
    let status = wiring::maintenance(&globals.config()?).await?.status().await?;
    print::answer(globals.json, &status, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(it: &DatabaseStatus) -> String {
    let mut parts = vec![head(it)];
    let rows = it.tables.iter().map(|table| {
        let rows = table.rows.map(|rows| rows.to_string());
        [table.name.clone(), cell(&rows), size(table.bytes.unsigned_abs())]
    });
    let heading = if it.rows_are_estimates { "ROWS (ABOUT)" } else { "ROWS" };
    parts.push(table(["TABLE", heading, "SIZE"], rows));
    if !it.consumers.is_empty() {
        let rows = it.consumers.iter().map(|one| {
            let unseen = counted(one.unseen, one.unseen_is_more);
            [one.name.clone(), unseen, cell(&one.oldest_unseen_at), one.seen_at.clone()]
        });
        parts.push(table(["CONSUMER", "UNSEEN", "OLDEST UNSEEN", "LAST SEEN"], rows));
    }
    parts.extend(it.held_back_by.as_ref().map(held_back));
    if !it.effects.is_empty() {
        let rows = it.effects.iter().map(|one| [one.status.clone(), one.count.to_string()]);
        parts.push(table(["EFFECTS", "COUNT"], rows));
    }
    parts.push(table(
        ["SETTING", "VALUE"],
        it.settings.iter().map(|setting| [setting.name.clone(), setting.value.clone()]),
    ));
    parts.join("\n\n")
}

fn head(it: &DatabaseStatus) -> String {
    let schema = &it.schema;
    let mut lines =
        vec![format!("{} {}, {}", it.kind, plain::line(&it.database), size(it.bytes.unsigned_abs()))];
    lines.push(match (schema.found > schema.known, schema.pending.len()) {
        (true, _) => format!(
            "Schema version {}: newer than the {} that this program knows.",
            schema.found, schema.known
        ),
        (false, 0) => format!("Schema version {}, up to date.", schema.found),
        (false, missing) => format!(
            "Schema version {}: {missing} migrations are missing to {} (`sprintgate db migrate`).",
            schema.found, schema.known
        ),
    });
    if schema.found == schema.known {
        lines.push(match &it.last_checkpoint {
            Some(last) => format!(
                "Checkpoint {} of {} binds every row of the ledger up to {}; {} rows wait for the next.",
                last.number, last.at, last.upto_seq, it.unbound_rows
            ),
            None => format!("The ledger has no checkpoint; {} rows wait for one.", it.unbound_rows),
        });
        lines.extend(it.last_archive.as_ref().map(|last| {
            format!(
                "{} archives; the last, {}, was recorded at {}.",
                last.number,
                plain::line(&last.name),
                last.at
            )
        }));
        lines.push(match &it.oldest_event_at {
            Some(at) => format!("The oldest event is of {at}."),
            None => "There are no events.".to_owned(),
        });
    }
    lines.join("\n")
}
