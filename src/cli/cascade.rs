//! Shows what a failure of a job would do.

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::error::CliError;
use super::globals::Globals;
use super::job::{JobArg, which};
use super::table::table_or;
use super::{plain, print};
use crate::flow::wire::{CascadePlan, CascadeStep};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show what a failure of a job, reported by its worker, would do now; nothing is changed
    #[command(after_help = AFTER)]
    Plan(Args),
}

const AFTER: &str = "\
Who does a step: `failure` does it at once, with the report; `worker` is told to stop with its next
call; `tidy` is `sprintgate worktree clean`; an `effect` is tried until it is done, and is shown with
its id and status once there is one (`sprintgate effects show`); what is for a `person` nobody does
by itself: no forge of the repository is configured here, or nothing was published.";

/// Show what a failure of a job would do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The job's id, or at least six characters of its end
    #[arg(allow_hyphen_values = true)]
    job: JobArg,
}

/// Answers `sprintgate cascade`.
pub(crate) async fn run(command: Command, globals: &Globals) -> Result<ExitCode, CliError> {
    let Command::Plan(args) = command;
    let (app, session) = globals.open().await?;
    let job = which(&app, &session, &args.job).await?;
    let plan = app.plan_cascade(&session, &job).await?;
    print::answer(globals.json, &plan, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(plan: &CascadePlan) -> String {
    let numbers: BTreeMap<&str, String> = (1..)
        .zip(&plan.steps)
        .map(|(number, step)| (step.planned.key.as_str(), i32::to_string(&number)))
        .collect();
    let rows = plan.steps.iter().map(|step| row(step, &numbers)).collect();
    let steps = table_or("nothing", ["STEP", "WHAT", "ONLY IF", "AFTER", "BY"], rows);
    let partly =
        if plan.complete { "" } else { "\n\nThere are too many rows: steps may be missing or wrong." };
    format!(
        "{}  {}\n{}:\n\n{steps}{partly}",
        plain::line(&plan.job_id),
        plain::line(&plan.status),
        plain::line(&plan.verdict)
    )
}

/// A step with the numbers of those it waits for.
fn row(step: &CascadeStep, numbers: &BTreeMap<&str, String>) -> [String; 5] {
    let planned = &step.planned;
    let or_none = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let number = |key: &str| numbers.get(key).cloned().unwrap_or_else(|| key.to_owned());
    let after: Vec<String> = planned.after.iter().map(|key| number(key.as_str())).collect();
    let condition = planned.only_if.to_string();
    let condition = condition.trim_start_matches(", ").trim_start_matches("only ").trim_start_matches("if ");
    [
        number(planned.key.as_str()),
        planned.step.to_string(),
        or_none(condition.to_owned()),
        or_none(after.join(", ")),
        by(step),
    ]
}

/// Who does it; of an effect that is there which one, and where it is.
fn by(step: &CascadeStep) -> String {
    let Some(effect) = &step.effect else { return step.by.to_owned() };
    let why = effect.passed_over.as_deref().map(|text| format!(", passed over: {}", plain::line(text)));
    format!("{} {} {}{}", step.by, effect.effect_id, effect.status, why.unwrap_or_default())
}
