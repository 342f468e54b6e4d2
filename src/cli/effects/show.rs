//! Shows an effect with its history.

use std::process::ExitCode;

use crate::cli::age::age;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::table::{cell, table};
use crate::cli::{plain, print};
use crate::flow::wire::{EffectDetail, HistoryLine};

/// Show an effect with its history.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The effect's id
    effect: String,
}

/// Answers `sprintgate effects show`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let detail = app.show_effect(&session, &args.effect).await?;
    print::answer(globals.json, &detail, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(detail: &EffectDetail) -> String {
    let effect = &detail.effect;
    let legal =
        if detail.legal_next.is_empty() { "nothing".to_owned() } else { detail.legal_next.join(", ") };
    let facts = [
        ("effect", Some(effect.effect_id.clone())),
        ("kind", Some(effect.kind.clone())),
        ("status", Some(effect.status.clone())),
        ("waits for", effect.waits_for.clone()),
        ("given up", effect.gave_up_why.clone()),
        ("error", effect.error.clone()),
        ("dismissed", effect.dismissed_by.clone()),
        ("reason", effect.dismiss_reason.clone()),
        ("tries", Some(format!("{} of {}", effect.tries, effect.tries_max))),
        ("next try", effect.due_at.clone()),
        ("held by", effect.holder.clone()),
        ("lease until", effect.lease_until.clone()),
        ("product", Some(effect.product_id.clone())),
        ("job", effect.job_id.clone()),
        ("host", effect.host.clone()),
        ("lane", effect.lane.clone()),
        ("payload", Some(detail.payload.to_string())),
        ("created", Some(format!("{} ({} ago)", effect.created_at, age(effect.age_seconds)))),
        ("finished", effect.finished_at.clone()),
        ("legal next", Some(legal)),
    ];
    let line = |(name, value): (&str, Option<String>)| Some(format!("{name:<12}{}", plain::line(&value?)));
    let facts = facts.into_iter().filter_map(line).collect::<Vec<_>>().join("\n");
    let columns = ["AT", "FROM", "EVENT", "TO", "ACTOR", "FACTS"];
    format!("{facts}\n\nHistory\n{}", table(columns, detail.history.iter().map(history)))
}

fn history(line: &HistoryLine) -> [String; 6] {
    [
        line.at.clone(),
        cell(&line.from),
        line.event.clone(),
        line.to.clone(),
        line.actor.clone(),
        line.facts.clone(),
    ]
}
