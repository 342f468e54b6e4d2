//! Tries what is due.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::runner::listen;
use crate::cli::{print, wiring};
use crate::flow::Performed;

/// Try the effects that are due and that this machine can do.
///
/// Runners do it by themselves. The status is 0, or with --forever 143 after SIGTERM and 130 after SIGINT; what is
/// under way then is waited for.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Go on with what becomes due, until stopped
    #[arg(long)]
    forever: bool,
    /// At most so many tries
    #[arg(long, value_name = "N", default_value_t = u32::MAX, hide_default_value = true, conflicts_with = "forever")]
    limit: u32,
}

/// Answers `sprintgate effects run`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let config = globals.config()?;
    let app = wiring::open(&config).await?;
    let handlers = app.effect_handlers(wiring::worker_id(&config)?);
    let (stop, told) = (CancellationToken::new(), Arc::new(AtomicU8::new(0)));
    listen(&stop, &told)?;
    let performed = if args.forever {
        app.keep_running_effects(&handlers, &stop).await
    } else {
        app.run_effects(&handlers, args.limit, &stop).await?
    };
    print::answer(globals.json, &performed, for_people)?;
    Ok(ExitCode::from(told.load(Ordering::SeqCst)))
}

fn for_people(performed: &Performed) -> String {
    let counts = [
        (performed.done, "done"),
        (performed.again, "tried again later"),
        (performed.gave_up, "given up"),
        (performed.lost, "taken over by others or not written down"),
        (performed.expired, "taken from dead processes"),
    ];
    let lines: Vec<String> = counts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    if lines.is_empty() { "Nothing was due.".to_owned() } else { lines.join("\n") }
}
