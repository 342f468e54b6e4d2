//! Adds a product, and notes in the config file where its clone is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::clone;
use super::shown::product_lines;
use super::strategy::Strategy;
use crate::cli::config::{Loaded, edit, place};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::{plain, print, wiring};
use crate::flow::AddProduct;
use crate::flow::wire::ProductView;

/// Add a product, and note where its clone is.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The name
    name: String,
    /// Address or path of the repository; `origin` of the clone when absent
    #[arg(long, value_name = "URL|PATH")]
    repo_url: Option<String>,
    /// A clone of the repository on this machine; its path is kept in the config file
    #[arg(long, value_name = "PATH")]
    clone: Option<PathBuf>,
    /// A short code
    #[arg(long)]
    code: Option<String>,
    /// When work counts as done
    #[arg(long, value_name = "TEXT")]
    definition_of_done: Option<String>,
    /// A branch a story, or one for the whole sprint
    #[arg(long, value_enum, default_value_t = Strategy::Story)]
    pr_strategy: Strategy,
    /// Cancel the other jobs of a backlog item also when one fails for a reason outside of the work
    #[arg(long)]
    cascade_on_infrastructure: bool,
    /// Open pull requests for its branches, and have a story's merged when it is done and its checks pass
    #[arg(long)]
    auto_pr: bool,
    /// Send what is kept of attempts to the remote, too, under refs/salvage/
    #[arg(long)]
    push_salvage: bool,
    /// Have the commits of attempts name job, attempt and plan (Sprintgate-Job, -Attempt, -Plan)
    #[arg(long)]
    trailers: bool,
}

/// Answers `sprintgate product add`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let loaded = globals.load(false)?;
    let clone = args.clone.as_deref().map(clone::folder).transpose()?;
    let repo = match (&args.repo_url, &clone) {
        (Some(text), _) => Some(clone::address("--repo-url", text, Path::new("."))?),
        (None, Some(clone)) => Some(clone::origin(clone)?),
        (None, None) => None,
    };
    if let (Some(clone), Some(repo)) = (&clone, &repo) {
        name_is_free(&loaded, repo.repo_name(), clone)?;
    }
    let session = wiring::person(&loaded.config)?;
    let app = wiring::open(&loaded.config).await?;
    let ask = AddProduct {
        name: args.name,
        code: args.code,
        description: None,
        repo_url: repo.as_ref().map(ToString::to_string),
        definition_of_done: args.definition_of_done,
        pr_strategy: Some(args.pr_strategy.word()),
        cascade_on_infrastructure: args.cascade_on_infrastructure,
        auto_pr: args.auto_pr,
        push_salvage: args.push_salvage,
        trailers: args.trailers,
    };
    let product = app.add_product(&session, ask).await?;
    if let (Some(clone), Some(repo)) = (&clone, &repo) {
        let names = [repo.repo_name(), product.id.as_str()];
        edit(&loaded.file, |table| place(table, &names, &clone.to_string_lossy()))?;
    }
    print::answer(globals.json, &product, |product| for_people(product, clone.as_deref()))?;
    Ok(ExitCode::SUCCESS)
}

/// Clones are looked up by the repository's name first, so a name cannot stand for two.
fn name_is_free(loaded: &Loaded, name: &str, clone: &Path) -> Result<(), CliError> {
    match loaded.config.repo_roots.get(name) {
        Some(other) if other != clone => Err(CliError::argument(
            "--clone",
            format!("the config file has another clone of `{name}` already: {}", other.display()),
        )),
        _ => Ok(()),
    }
}

fn for_people(product: &ProductView, clone: Option<&Path>) -> String {
    let mut text = product_lines(product);
    if let Some(clone) = clone {
        text.push_str(&format!("\nclone       {}", plain::line(&clone.to_string_lossy())));
    }
    text
}
