//! Imports a plan as a backlog item.

use std::process::ExitCode;

use super::error::CliError;
use super::globals::Globals;
use super::input::{LARGEST, text_of};
use super::product::choose;
use super::{plain, print};
use crate::flow::Imported;
use crate::flow::wire::Created;

/// Import a plan (YAML front matter) as a backlog item with stories and tasks.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The plan, at most 1 MiB; `-` reads it from stdin
    file: String,
    /// Name, code or id of the product; not needed when there is only one
    #[arg(long)]
    product: Option<String>,
}

/// Answers `sprintgate import`.
pub(crate) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let text = text_of("FILE", &args.file, LARGEST)?;
    let (app, session) = globals.open().await?;
    let product = choose(&app, &session, args.product).await?;
    let imported = app.import(&session, &product, &text).await?;
    print::answer(globals.json, &imported, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(imported: &Imported) -> String {
    let line = |made: &Created| format!("{}  {}", plain::line(&made.code), plain::line(&made.title));
    let mut lines = vec![line(&imported.pbi)];
    lines.extend(imported.stories.iter().map(|story| format!("  {}", line(story))));
    lines.extend(imported.tasks.iter().map(|task| format!("    {}", line(task))));
    lines.push(format!("{} stories, {} tasks", imported.stories.len(), imported.tasks.len()));
    lines.join("\n")
}
