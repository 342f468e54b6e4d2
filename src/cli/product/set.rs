//! Changes what a product asks for.

use std::process::ExitCode;

use super::shown::product_lines;
use super::strategy::Strategy;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::print;
use crate::flow::SetProduct;

/// Change what a product asks for; what is not named stays.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name, code or id
    product: String,
    /// When work counts as done
    #[arg(long, value_name = "TEXT")]
    definition_of_done: Option<String>,
    /// A branch a story, or one for the whole sprint, of runs that start from now on
    #[arg(long, value_enum)]
    pr_strategy: Option<Strategy>,
    /// Open pull requests for its branches, and have a story's merged when it is done and its checks pass
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    auto_pr: Option<bool>,
    /// Send what is kept of attempts to the remote, too, under refs/salvage/
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    push_salvage: Option<bool>,
    /// Have the commits of attempts name job, attempt and plan (Sprintgate-Job, -Attempt, -Plan)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    trailers: Option<bool>,
}

/// Answers `sprintgate product set`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let ask = SetProduct {
        product: args.product,
        definition_of_done: args.definition_of_done,
        pr_strategy: args.pr_strategy.map(Strategy::word),
        auto_pr: args.auto_pr,
        push_salvage: args.push_salvage,
        trailers: args.trailers,
    };
    let product = app.set_product(&session, ask).await?;
    print::answer(globals.json, &product, product_lines)?;
    Ok(ExitCode::SUCCESS)
}
