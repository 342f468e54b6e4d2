//! Prints events as they come.

use std::process::ExitCode;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print, wiring};
use crate::flow::wire::EventView;

/// Print events, a line each.
///
/// With a consumer's name everything that it has not handled is printed, and counts as handled once
/// it stands on stdout: whoever stops in the middle gets the rest, and perhaps a few lines again,
/// the next time.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Go on with what happens from now on
    #[arg(long)]
    follow: bool,
    /// Keep the place under this name; a new name begins with the oldest event
    #[arg(long, value_name = "NAME")]
    consumer: Option<String>,
    /// Let a new name begin with what happens from now on
    #[arg(long, requires = "consumer")]
    from_now: bool,
    /// How many of the newest events to print
    #[arg(long, value_name = "N", default_value_t = 20, conflicts_with = "consumer")]
    last: u16,
    /// Print the messages that go out on the channel `scrum4me_changes`
    #[arg(long)]
    wire: bool,
}

/// Answers `sprintgate events tail`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let app = wiring::open(&globals.config()?).await?;
    let show = |events: &[EventView]| shown(events, args.wire, globals.json);
    let mut reader = match &args.consumer {
        Some(name) => app.consume_events(name, args.from_now).await?,
        None => {
            let (newest, reader) = app.newest_events(u32::from(args.last)).await?;
            show(&newest)?;
            reader
        }
    };
    while args.follow || args.consumer.is_some() {
        let page = reader.page().await?;
        if page.is_empty() {
            if !args.follow {
                break;
            }
            reader.wait().await?;
            continue;
        }
        show(&page)?;
        reader.handled().await?;
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(events: &[EventView], wire: bool, json: bool) -> Result<(), CliError> {
    let mut lines = String::new();
    for event in events {
        let line = match (wire, json) {
            (true, _) => plain::json_text(&event.wire),
            (_, true) => {
                let text = serde_json::to_string(event).map_err(|error| CliError::failed("OUTPUT", error))?;
                plain::json_text(&text)
            }
            _ => plain::line(&for_people(event)),
        };
        lines.push_str(&line);
        lines.push('\n');
    }
    print::text(&lines)
}

fn for_people(event: &EventView) -> String {
    let moved = match &event.from {
        Some(from) => format!("{from} -{}-> {}", event.event, event.to),
        None => format!("{} {}", event.event, event.to),
    };
    format!("{}  {:<20}  {}  {moved}", event.at, event.kind, event.entity)
}
