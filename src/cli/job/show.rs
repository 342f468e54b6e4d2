//! Shows a job with its attempts and history.

use std::process::ExitCode;

use super::{JobArg, which};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::table::{cell, table};
use crate::cli::{plain, print};
use crate::flow::wire::{AttemptView, HistoryLine, JobDetail, PublicationView};

/// Show a job with its attempts and history.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The job's id, or at least six characters of its end
    #[arg(allow_hyphen_values = true)]
    job: JobArg,
}

/// Answers `sprintgate job show`.
pub(super) async fn run(args: Args, globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let job = which(&app, &session, &args.job).await?;
    let detail = app.show_job(&session, &job).await?;
    print::answer(globals.json, &detail, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(detail: &JobDetail) -> String {
    let mut text = facts(detail);
    for (title, words) in [("Summary", &detail.summary), ("Verdict", &detail.verify_reasoning)] {
        if let Some(words) = words {
            text.push_str(&format!("\n\n{title}\n{}", plain::block(words)));
        }
    }
    if !detail.attempts.is_empty() {
        let columns = ["ATTEMPT", "STATUS", "WORKER", "VERDICT", "BASE", "CLAIMED", "ENDED"];
        text.push_str(&format!("\n\nAttempts\n{}", table(columns, detail.attempts.iter().map(attempt))));
    }
    let kept: Vec<_> = detail.attempts.iter().filter_map(kept).collect();
    if !kept.is_empty() {
        text.push_str(&format!(
            "\n\nKept\n{}",
            table(["ATTEMPT", "WHAT", "COMMIT", "REF"], kept.into_iter())
        ));
    }
    if !detail.history.is_empty() {
        let columns = ["AT", "FROM", "EVENT", "TO", "ACTOR", "ATTEMPT", "FACTS"];
        text.push_str(&format!("\n\nHistory\n{}", table(columns, detail.history.iter().map(history))));
    }
    text
}

fn facts(detail: &JobDetail) -> String {
    let job = &detail.job;
    let unverified = detail.publication.as_ref().and_then(|one| one.unverified_sha.as_deref());
    let facts = [
        ("job", Some(job.job_id.clone())),
        ("kind", Some(job.kind.clone())),
        ("status", Some(job.status.clone())),
        ("cause", job.end_cause.clone()),
        ("task", job.task_code.clone()),
        ("title", job.title.clone()),
        ("branch", job.branch.clone()),
        ("commit", job.head_sha.clone()),
        ("verdict", job.verify_result.clone()),
        ("error", job.error.clone()),
        ("cascade", detail.cascade.clone()),
        ("published", detail.publication.as_ref().map(published)),
        ("unverified", unverified.map(|commit| format!("{commit} was merged, which no job published"))),
        ("attempt", Some(job.attempt.to_string())),
        ("lease until", job.lease_until.clone()),
        ("created", Some(job.created_at.clone())),
        ("finished", job.finished_at.clone()),
        ("legal next", Some(legal(&detail.legal_next))),
    ];
    let line = |(name, value): (&str, Option<String>)| Some(format!("{name:<12}{}", plain::line(&value?)));
    facts.into_iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn published(one: &PublicationView) -> String {
    one.pr_url.as_ref().map_or_else(|| one.status.clone(), |url| format!("{} {url}", one.status))
}

fn legal(events: &[String]) -> String {
    if events.is_empty() { "nothing".to_owned() } else { events.join(", ") }
}

fn attempt(a: &AttemptView) -> [String; 7] {
    let base = a.base_sha.as_ref().map(|sha| sha.chars().take(12).collect());
    [
        a.attempt.to_string(),
        a.status.clone(),
        a.worker.clone(),
        cell(&a.verify_result),
        cell(&base),
        a.claimed_at.clone(),
        cell(&a.ended_at),
    ]
}

fn kept(a: &AttemptView) -> Option<[String; 4]> {
    let kept = a.kept.as_ref()?;
    let what = match kept.paths {
        0 => kept.kind.clone(),
        paths => format!("{}, {paths} files", kept.kind),
    };
    let commit = kept.commit.chars().take(12).collect();
    Some([a.attempt.to_string(), what, commit, kept.reference.clone()])
}

fn history(line: &HistoryLine) -> [String; 7] {
    [
        line.at.clone(),
        cell(&line.from),
        line.event.clone(),
        line.to.clone(),
        line.actor.clone(),
        cell(&line.attempt.map(|attempt| attempt.to_string())),
        line.facts.clone(),
    ]
}
