//! What is left at the end: the board, the branches, the ledger, and where everything lies.

use std::time::{Duration, Instant};

use super::dialogue;
use super::expect::surprises;
use super::git::git;
use super::screen::{Screen, Tone};
use super::stage::{LEASE_SECONDS, Stage};
use crate::cli::error::CliError;
use crate::cli::table::{cell, table};
use crate::flow::wire::{Board, JobLine};

/// The branches of work that have to be on the origin.
const BRANCHES: usize = 2;
/// Attempts that left work which was not accepted: one was killed, one failed.
const SALVAGED: usize = 2;

/// Shows what is left; hands back what is not as it has to be.
pub(super) async fn show(stage: &Stage, screen: Screen) -> Result<Vec<String>, CliError> {
    let board = stage.app.board(&stage.person).await?;
    screen.heading("The board")?;
    screen.lines(backlog(&board))?;
    screen.lines(jobs(&board).lines())?;

    screen.heading("Branches on the origin: what was accepted, and nothing else")?;
    let origin = stage.origin();
    let names = git(&origin, &["for-each-ref", "--format=%(refname:short)", "refs/heads"]).await?;
    let branches: Vec<&str> = names.lines().filter(|name| *name != "main").collect();
    for branch in &branches {
        screen.line(Tone::Plain, branch)?;
        let log = git(&origin, &["log", "--format=  %h %s", &format!("main..{branch}")]).await?;
        screen.lines(log.lines())?;
    }

    screen.heading("Kept in the vault: what was not accepted, and what the dead worker left")?;
    let kept = kept(stage).await?;
    screen.lines(kept.lines())?;

    let mut wrong = surprises(&board, &dialogue::read(&stage.folder));
    if kept.lines().count() != SALVAGED {
        wrong.push(format!("{SALVAGED} attempts should have left work, and these did: {kept}"));
    }
    if branches.len() != BRANCHES {
        wrong.push(format!("{BRANCHES} branches should be on the origin, and {} are", branches.len()));
    }
    screen.heading("The ledger")?;
    let audit = stage.app.audit_verify().await?;
    let verdict = if audit.ok { "every hash and every move fits" } else { "something does not fit" };
    screen.lines([format!("{} rows of {} entities: {verdict}", audit.rows, audit.entities)])?;
    wrong.extend(audit.findings);
    Ok(wrong)
}

/// What is kept in the vault, once the worktree of the dead worker has had its time and was cleared away.
async fn kept(stage: &Stage) -> Result<String, CliError> {
    let Some(vault) = stage.vault() else { return Ok(String::new()) };
    let format = "--format=%(refname) %(contents:subject)";
    let deadline = Instant::now() + Duration::from_secs(u64::from(LEASE_SECONDS)) * 3;
    loop {
        stage.app.tidy().await?;
        let kept = git(&vault, &["for-each-ref", format, "refs/salvage"]).await?;
        if kept.lines().count() >= SALVAGED || Instant::now() > deadline {
            return Ok(kept);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(250);

/// Where everything lies, and what to do next.
pub(super) fn directions(stage: &Stage, screen: Screen) -> Result<(), CliError> {
    let failed = "T-4";
    screen.heading("Look around")?;
    let folder = stage.folder.display();
    // after `cargo run` it is on nobody's PATH
    let program = stage.program.display();
    let config = stage.config();
    screen.lines([
        format!("Everything is in {folder}: config, database, plans, repository, worktrees, logs."),
        format!("  cd {folder} && export SPRINTGATE_CONFIG={}", config.display()),
        format!("  {program} board"),
        format!("  {program} job list        # then: job show and explain, as of the job of {failed}"),
        format!("  {program} audit verify"),
        "  git -C shop fetch && git -C shop log --oneline --all --graph".to_owned(),
        format!("  git -C {} log --oneline --all --graph   # with what was not accepted", shown(stage)),
        "Your own project: `sprintgate init`, `product add`, `import` a plan, `sprint start`, `runner`."
            .to_owned(),
        format!("When you have seen enough: rm -r {folder}"),
    ])
}

/// The vault as it is seen from the demo's folder.
fn shown(stage: &Stage) -> String {
    let vault = stage.vault().unwrap_or_default();
    vault.strip_prefix(&stage.folder).unwrap_or(&vault).display().to_string()
}

fn backlog(board: &Board) -> Vec<String> {
    let mut lines = Vec::new();
    for run in board.runs.iter().rev() {
        lines.push(format!("sprint {}: run {}, sprint {}", run.sprint_code, run.status, run.sprint_status));
        for story in &run.stories {
            let tasks: Vec<String> =
                story.tasks.iter().map(|task| format!("{} {}", task.code, task.status)).collect();
            lines.push(format!("  {:<6} {} ({})", story.status, story.title, tasks.join(", ")));
        }
    }
    lines
}

fn jobs(board: &Board) -> String {
    let row = |job: &JobLine| {
        let commit = job.head_sha.as_ref().map(|sha| sha.chars().take(7).collect());
        [
            cell(&job.task_code),
            job.status.clone(),
            cell(&job.end_cause),
            job.attempt.to_string(),
            cell(&job.verify_result),
            cell(&commit),
            cell(&job.title),
        ]
    };
    let mut jobs: Vec<&JobLine> = board.jobs.iter().collect();
    jobs.sort_by(|a, b| a.task_code.cmp(&b.task_code));
    let columns = ["TASK", "STATUS", "CAUSE", "ATTEMPTS", "VERDICT", "COMMIT", "TITLE"];
    table(columns, jobs.into_iter().map(row))
}
