//! A failure cancels its siblings while they report, are claimed, swept, cancelled and edited.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::failed::{same, there};
use super::shop::{Call, Shop, code, report, together};
use super::worker::{self, Held};
use super::{Bench, Failed, Scale, Seen};
use crate::domain::job::LEASE;
use crate::flow::wire::ReportStatus::{self, Failed as Fails, Running, Skipped};
use crate::flow::wire::{JobHeartbeat, UpdateTaskStatus};

/// Stories of the item that fails, each with a branch of its own.
const STORIES: usize = 8;
/// Tasks of a story: the second waits behind the first.
const TASKS: usize = 2;
/// Rounds that are added at most when nobody came too late.
const MORE: usize = 20;
/// Jobs that are held when it begins.
const HELD: usize = 6;
/// What somebody may be told whose job was taken away meanwhile.
const TAKEN: &[&str] = &["JOB_CANCELLED", "ALREADY_TERMINAL", "LEASE_LOST"];

/// One after the other, each at once with its siblings.
pub(super) async fn races(bench: Arc<dyn Bench>, scale: Scale) -> Result<Seen, Failed> {
    let shop = Arc::new(Shop::new(bench).await?);
    let mut told: BTreeMap<&'static str, u64> = BTreeMap::new();
    let (mut jobs, mut cascaded) = (0_usize, 0_usize);
    let mut rounds = 0;
    // The race is run until somebody came too late, too.
    for round in 0..scale.rounds + MORE {
        if round >= scale.rounds && refused(&told) > 0 {
            break;
        }
        rounds += 1;
        let run = shop.begin(STORIES, TASKS).await?;
        let held = shop.claim(HELD).await?;
        same("jobs that were claimed", held.len(), HELD)?;
        let tasks = shop.tasks(&run.sprint_id).await?;
        let waiting = there("a job that waits", run.jobs.last())?.job_id.clone();
        for answer in race(&shop, &held, &tasks, &waiting, round).await? {
            *told.entry(answer?).or_default() += 1;
        }
        if shop.run(&run.sprint_run_id).await? == "RUNNING" {
            // All leases were swept before anybody could fail: the next worker does.
            let next = there("a job that waits again", shop.claim(1).await?.pop())?;
            shop.process(round)?.update_job_status(&shop.worker("w")?, report(&next, Fails, None)).await?;
        }
        let ended = shop.jobs(&run.sprint_run_id).await?;
        let open: Vec<_> = ended.iter().filter(|(_, status, _)| is_open(status)).collect();
        same("jobs that are open after the cascade", open, Vec::new())?;
        let failed = ended.iter().filter(|(_, _, cause)| cause == "reported").count();
        // Whoever fails first cancels the other.
        same("jobs that failed", failed, 1)?;
        cascaded += ended.iter().filter(|(_, _, cause)| cause == "cascade").count();
        same("the run", shop.run(&run.sprint_run_id).await?.as_str(), "FAILED")?;
        shop.levels(&run.sprint_id).await?;
        jobs += ended.len();
    }
    let rows = shop.sound().await?;
    let refused = refused(&told);
    if refused == 0 {
        return Err(Failed::otherwise("calls that came too late", "some", "none"));
    }
    Ok(Seen::new()
        .and(rounds, "cascades")
        .and(jobs, "jobs")
        .and(cascaded, "cancelled by a cascade")
        .and(told.get("ok").copied().unwrap_or(0), "calls answered")
        .and(refused, "too late")
        .and(shop.bench.met().await?, "times transactions met")
        .and(rows, "rows of the ledger"))
}

/// How many calls came too late.
fn refused(told: &BTreeMap<&'static str, u64>) -> u64 {
    told.iter().filter(|(code, _)| **code != "ok").map(|(_, count)| count).sum()
}

fn is_open(status: &str) -> bool {
    ["QUEUED", "CLAIMED", "RUNNING"].contains(&status)
}

type Calls = Vec<Call<Result<&'static str, Failed>>>;

/// Everybody at once; what each was told.
async fn race(
    shop: &Arc<Shop>,
    held: &[Held],
    tasks: &[String],
    waiting: &str,
    round: usize,
) -> Result<Vec<Result<&'static str, Failed>>, Failed> {
    let mut calls: Calls = Vec::new();
    // Two fail at once; the others say something else of theirs.
    let says: [ReportStatus; 4] = [Fails, Fails, Skipped, Running];
    for (number, (held, status)) in held.iter().zip(says).enumerate() {
        let (app, session) = (shop.process(number + round)?, shop.worker("w")?);
        let ask = report(held, status, None);
        calls.push(Box::pin(async move {
            let answer = app.update_job_status(&session, ask).await;
            known("a report", code(&answer), TAKEN)
        }));
    }
    if let Some(held) = held.get(4).cloned() {
        let (app, session) = (shop.process(round)?, shop.worker("w")?);
        calls.push(Box::pin(async move {
            let (job_id, attempt) = (held.job.to_string(), Some(i64::from(held.attempt)));
            let answer = app.job_heartbeat(&session, JobHeartbeat { job_id, attempt }).await;
            known("a sign of life", code(&answer), TAKEN)
        }));
    }
    if let Some(held) = held.get(5).cloned() {
        let (app, session) = (shop.process(round + 1)?, shop.worker("w")?);
        calls.push(Box::pin(async move {
            let answer = app.give_back(&session, &held.job, held.attempt, "no agent").await;
            known("giving a job back", code(&answer), TAKEN)
        }));
    }
    let (claimer, session) = (shop.process(round)?, shop.worker("w2")?);
    calls.push(Box::pin(async move {
        let claimed = worker::claim_next(&claimer, &session).await?;
        Ok(claimed.map_or("NOTHING", |_| "ok"))
    }));
    let (app, person, job) = (shop.process(round + 2)?, shop.person()?, waiting.to_owned());
    calls.push(Box::pin(async move {
        let answer = app.cancel_job(&person, &job, None).await;
        known("a cancellation", code(&answer), TAKEN)
    }));
    for (number, (task, status)) in
        tasks.iter().zip(["in_progress", "review", "done", "excluded"]).enumerate()
    {
        let (app, person) = (shop.process(number)?, shop.person()?);
        let ask = UpdateTaskStatus { task_id: task.clone(), status: status.to_owned(), sprint_run_id: None };
        calls.push(Box::pin(async move {
            let answer = app.update_task_status(&person, ask).await;
            known("a task's change", code(&answer), &["TASK_HELD", "ILLEGAL_TRANSITION"])
        }));
    }
    for number in 0..2 {
        let app = shop.process(number + 1)?;
        calls.push(Box::pin(async move { known("a sweep", code(&app.sweep().await), &[]) }));
    }
    if round % 3 == 2 {
        // In every third round all leases have just run out.
        shop.pass(LEASE.0 + 1);
    }
    together(calls).await
}

fn known(what: &str, code: &'static str, others: &[&'static str]) -> Result<&'static str, Failed> {
    if code == "ok" || others.contains(&code) {
        return Ok(code);
    }
    Err(Failed::otherwise(format!("what {what} is told"), format!("ok or one of {others:?}"), code))
}
