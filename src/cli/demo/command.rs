//! The order of events.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::process::Child;
use tokio_util::sync::CancellationToken;

use super::dialogue::{self, marked};
use super::screen::{Screen, Tone};
use super::script::HALF_WAY;
use super::stage::{LEASE_SECONDS, PRODUCT, Stage};
use super::told::other;
use super::voice::{call, connect, exchange};
use super::watch::Watch;
use super::{cast, finale};
use crate::cli::error::CliError;
use crate::cli::runner::listen;
use crate::flow::StartSprint;
use crate::flow::wire::JobLine;

/// How long one act may take.
const ACT: Duration = Duration::from_secs(40);
/// How long the first worker may take to get half way.
const FIRST_WORK: Duration = Duration::from_secs(15);

/// Show the whole lifecycle on a throw-away set-up.
///
/// Five tasks, two runners and scripted agents in a folder of their own; no network, and nothing of yours is touched.
/// The status is 1 when anything came out otherwise than it has to.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder, which must not be there yet; a temporary one when absent. It is kept
    #[arg(long, value_name = "PATH")]
    dir: Option<PathBuf>,
    /// Remove the folder at the end if all went as it has to
    #[arg(long)]
    remove: bool,
}

/// Answers `sprintgate demo`.
pub(crate) async fn run(args: Args) -> Result<ExitCode, CliError> {
    let (stop, told) = (CancellationToken::new(), Arc::new(AtomicU8::new(0)));
    listen(&stop, &told)?;
    tokio::select! {
        shown = show(args) => shown,
        // what is dropped here kills the processes of the demo
        () = stop.cancelled() => Ok(ExitCode::from(told.load(Ordering::SeqCst))),
    }
}

async fn show(args: Args) -> Result<ExitCode, CliError> {
    let screen = Screen::new();
    let stage = Stage::set(args.dir.as_deref()).await?;
    screen.line(
        Tone::Heading,
        &format!("Sprintgate, five tasks, two runners, in {}", stage.folder.display()),
    )?;
    let mut wrong = perform(&stage, screen).await?;
    wrong.extend(finale::show(&stage, screen).await?);
    if wrong.is_empty() && args.remove {
        std::fs::remove_dir_all(&stage.folder).map_err(CliError::io("remove the demo's folder"))?;
    } else {
        finale::directions(&stage, screen)?;
    }
    if wrong.is_empty() {
        screen.heading("Everything came out as it has to.")?;
        return Ok(ExitCode::SUCCESS);
    }
    screen.heading("This did not come out as it has to:")?;
    wrong.iter().try_for_each(|line| screen.line(Tone::Bad, line))?;
    Ok(ExitCode::FAILURE)
}

async fn perform(stage: &Stage, screen: Screen) -> Result<Vec<String>, CliError> {
    let mut pbis = Vec::new();
    for plan in stage.plans() {
        let text = std::fs::read_to_string(&plan).map_err(CliError::io("read a plan"))?;
        let made = stage.app.import(&stage.person, PRODUCT, &text).await?;
        let (stories, tasks) = (made.stories.len(), made.tasks.len());
        screen.lines([format!("imported {}: {stories} stories, {tasks} tasks", plan.display())])?;
        pbis.push(made.pbi.code);
    }
    let mut watch = Watch::new(stage, screen);
    let mut wrong = Vec::new();
    let mut pbis = pbis.into_iter();

    screen.heading("Sprint 1: work, proof, and a worker that dies")?;
    start(stage, pbis.next()).await?;
    let runners = first_sprint(stage, &mut watch, &mut wrong).await?;
    screen.heading("Sprint 2: a change too large, and one that is none")?;
    start(stage, pbis.next()).await?;
    if !watch.until(ACT, |jobs| jobs.iter().all(ended)).await? {
        wrong.push("the second sprint did not end in time".to_owned());
    }
    if !watch.until(ACT, |_| no_agent_works(&stage.folder)).await? {
        wrong.push("an agent went on after the end of its job".to_owned());
    }
    for runner in runners {
        let status = cast::dismiss(runner).await?;
        if status != Some(143) {
            wrong.push(format!(
                "a runner that was asked to end should exit with 143, and did with {status:?}"
            ));
        }
    }
    watch.look().await?;
    Ok(wrong)
}

/// A runner removes the folder of a job when its agent has stopped, whoever told it to: its next word, or the runner.
fn no_agent_works(folder: &Path) -> bool {
    let jobs = std::fs::read_dir(folder.join("state/jobs"));
    jobs.is_ok_and(|jobs| jobs.flatten().all(|entry| !entry.path().is_dir()))
}

async fn start(stage: &Stage, pbi: Option<String>) -> Result<(), CliError> {
    let ask = StartSprint {
        product: PRODUCT.to_owned(),
        pbis: pbi.into_iter().collect(),
        ..StartSprint::default()
    };
    stage.app.start_sprint(&stage.person, ask).await?;
    Ok(())
}

/// A worker claims the first job and is killed; two runners do the rest; the dead worker's report comes late.
async fn first_sprint(
    stage: &Stage,
    watch: &mut Watch<'_>,
    wrong: &mut Vec<String>,
) -> Result<Vec<Child>, CliError> {
    let victim = cast::victim(stage)?;
    let half_way = marked(&stage.folder, HALF_WAY, FIRST_WORK).await;
    watch.look().await?;
    cast::kill(victim).await?;
    if !half_way {
        wrong.push("the first worker did not get half way".to_owned());
    }
    let text = format!("the first worker is killed half way through a file; its lease has {LEASE_SECONDS} s");
    watch.tell(&other(dialogue::now(), text))?;
    let runners = vec![cast::runner(stage, 1)?, cast::runner(stage, 2)?];

    let second = |jobs: &[JobLine]| jobs.iter().any(|job| is(job, "T-3") && job.attempt == 2);
    if watch.until(ACT, second).await? {
        late_report(stage).await?;
    } else {
        wrong.push("nobody took the dead worker's job".to_owned());
    }
    if !watch.until(ACT, |jobs| jobs.iter().all(ended)).await? {
        wrong.push("the first sprint did not end in time".to_owned());
    }
    Ok(runners)
}

/// What the dead worker would say if it came back: its attempt is over, and so its word counts for nothing.
async fn late_report(stage: &Stage) -> Result<(), CliError> {
    let jobs = stage.app.board(&stage.person).await?.jobs;
    let Some(job) = jobs.into_iter().find(|job| is(job, "T-3")) else { return Ok(()) };
    let mut mcp = cast::program(stage);
    mcp.arg("mcp");
    let client = connect(mcp).await?;
    let args =
        json!({ "job_id": job.job_id, "attempt": 1, "status": "done", "summary": "Finished after all." });
    let called = call(&client, "update_job_status", args).await?;
    dialogue::note(&stage.folder, &exchange("T-3", 1, "comes back and says done", &called))?;
    client.close().await.map_err(|error| CliError::failed("DEMO_MCP", error))
}

fn is(job: &JobLine, task: &str) -> bool {
    job.task_code.as_deref() == Some(task)
}

fn ended(job: &JobLine) -> bool {
    matches!(job.status.as_str(), "DONE" | "FAILED" | "CANCELLED")
}
