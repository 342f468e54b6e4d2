//! A crowd of workers and one queue.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::branches::follow;
use super::failed::{refused, same, there};
use super::ground::{Ground, Stand, add_job, id, run, sprint, stamp};
use super::shop::open;
use super::worker::{self, End, Held};
use super::{Bench, Failed, Scale, Seen};
use crate::domain::run::{AnyRun, Pause};
use crate::domain::time::Timestamp;
use crate::flow::{Session, Sprintgate};
use crate::store::{Change, Store};

/// Runs, each with branches of its own.
const RUNS: usize = 4;
/// Branches of a run: more of all than there are workers.
const BRANCHES: usize = 10;
/// Stores that the workers share, as so many processes.
const STORES: usize = 4;
/// Jobs that a transaction adds.
const BATCH: usize = 200;
/// More than a job waits that was given back for the first time, in milliseconds.
const WAIT: i64 = 11_000;

/// Workers empty a queue of several runs and branches, with jobs in it that they may not take.
pub(super) async fn crowd<const WORKERS: usize>(bench: Arc<dyn Bench>, scale: Scale) -> Result<Seen, Failed> {
    let ground = Arc::new(Ground::new(Arc::clone(&bench)).await?);
    let jobs = WORKERS * scale.jobs;
    let places = queue(&ground, jobs).await?;
    decoys(&ground).await?;

    let left = Arc::new(AtomicUsize::new(jobs));
    let due = Arc::new(AtomicI64::new(0));
    let mut processes = Vec::new();
    for _ in 0..STORES.min(WORKERS) {
        let store = bench.open().await?;
        processes.push((open(Arc::clone(&store), bench.folder())?, store));
    }
    bench.watch().await?;
    let gate = Arc::new(Barrier::new(WORKERS));
    let mut workers = JoinSet::new();
    for (number, (app, store)) in (0..WORKERS).zip(processes.iter().cycle()) {
        let worker = Worker {
            app: app.clone(),
            store: Arc::clone(store),
            ground: Arc::clone(&ground),
            left: Arc::clone(&left),
            due: Arc::clone(&due),
            gate: Arc::clone(&gate),
            session: Ground::worker(&format!("w{number}"))?,
        };
        workers.spawn(worker.work());
    }
    let mut claims = Vec::new();
    let mut idle = 0;
    while let Some(claimed) = workers.join_next().await {
        let claimed = claimed.map_err(|error| Failed::Broke(error.to_string()))??;
        idle += usize::from(claimed.is_empty());
        claims.extend(claimed);
    }

    if WORKERS - idle < 2 {
        return Err(Failed::otherwise(
            "workers that found a job",
            "two or more",
            (WORKERS - idle).to_string(),
        ));
    }
    let mut raw = bench.raw().await?;
    let told = follow(raw.as_mut(), &places).await?;
    let distinct: BTreeSet<&Held> = claims.iter().collect();
    same("attempts that two workers hold", claims.len() - distinct.len(), 0)?;
    same("claims in the ledger", told.claims, claims.len())?;
    same("jobs that ended", told.ends, jobs)?;
    let attempts = raw.one("SELECT CAST(count(*) AS text) FROM attempts WHERE status <> 'HELD'").await?;
    same("attempts that ended", attempts, claims.len().to_string())?;
    let open =
        "SELECT CAST(count(*) AS text) FROM claude_jobs WHERE status IN ('QUEUED', 'CLAIMED', 'RUNNING')";
    same("jobs that nobody may take", raw.one(open).await?, DECOYS.to_string())?;
    Ok(Seen::new()
        .and(WORKERS, "workers")
        .and(jobs, "jobs")
        .and(told.claims, "claims in order")
        .and(told.given_back, "given back")
        .and(RUNS * BRANCHES, "branches")
        .and(claims.len() - distinct.len(), "claimed twice")
        .and(jobs - told.ends, "lost")
        .and(idle, "workers without a job")
        .and(bench.met().await?, "times transactions met"))
}

/// Runs with their jobs, dealt out to the branches; the branch and the place of each.
async fn queue(ground: &Ground, jobs: usize) -> Result<BTreeMap<String, (usize, usize)>, Failed> {
    let branches = RUNS * BRANCHES;
    let mut tx = ground.store.begin().await?;
    for number in 0..RUNS {
        let (run_name, sprint_name) = (format!("r{number}"), format!("s{number}"));
        tx.add_sprint(&sprint(&sprint_name)?, &stamp()).await?;
        tx.add_run(&run(&run_name, &sprint_name)?, &stamp()).await?;
    }
    tx.commit().await?;
    let mut places = BTreeMap::new();
    let all: Vec<usize> = (0..jobs).collect();
    for batch in all.chunks(BATCH) {
        let mut tx = ground.store.begin().await?;
        for number in batch {
            let (branch, place) = (number % branches, number / branches);
            let name = format!("j{number:05}");
            let stand = Stand {
                run: &format!("r{}", branch % RUNS),
                branch: &format!("feat/{branch}"),
                sequence: i64::try_from(*number).map_err(refused)?,
                ready: place == 0,
            };
            add_job(tx.as_mut(), &name, "u", &stand).await?;
            places.insert(name, (branch, place));
        }
        tx.commit().await?;
    }
    Ok(places)
}

/// How many jobs stand in the queue that nobody may take.
const DECOYS: usize = 3;

/// Jobs of a run that is paused and of somebody else, older than all others.
async fn decoys(ground: &Ground) -> Result<(), Failed> {
    ground.pass(-1);
    let mut tx = ground.store.begin().await?;
    for (sprint_name, run_name) in [("s-paused", "paused"), ("s-other", "other")] {
        tx.add_sprint(&sprint(sprint_name)?, &stamp()).await?;
        tx.add_run(&run(run_name, sprint_name)?, &stamp()).await?;
    }
    for (name, user, run, branch) in [
        ("paused-1", "u", "paused", "a"),
        ("paused-2", "u", "paused", "b"),
        ("others", "other", "other", "c"),
    ] {
        add_job(tx.as_mut(), name, user, &Stand { run, branch, sequence: 0, ready: true }).await?;
    }
    tx.commit().await?;
    let mut tx = ground.store.begin().await?;
    let now = tx.now();
    let paused = there("the run", tx.run(&id("paused")?).await?)?.row;
    let AnyRun::Queued(queued) = AnyRun::try_from(paused).map_err(refused)? else {
        return Err(Failed::otherwise("a new run", "QUEUED", "another status"));
    };
    let running = queued.claim_first(now);
    let paused = running.next().clone().pause(quota(now));
    tx.apply(Change::Run(running.into()), &stamp()).await?;
    tx.apply(Change::Run(paused.into()), &stamp()).await?;
    tx.commit().await?;
    ground.pass(1);
    Ok(())
}

fn quota(now: Timestamp) -> Pause {
    Pause::QuotaDepleted { last_completed: None, resume_instructions: "wait".to_owned(), paused_at: now }
}

struct Worker {
    app: Sprintgate,
    store: Arc<dyn Store>,
    ground: Arc<Ground>,
    /// Jobs that have not ended.
    left: Arc<AtomicUsize>,
    /// When all that was given back may be claimed again.
    due: Arc<AtomicI64>,
    /// All begin together.
    gate: Arc<Barrier>,
    session: Session,
}

impl Worker {
    /// Claims and ends until no job is left; what it claimed.
    async fn work(self) -> Result<Vec<Held>, Failed> {
        let mut mine = Vec::new();
        self.gate.wait().await;
        while self.left.load(Ordering::SeqCst) > 0 {
            let held = worker::claim_next(&self.app, &self.session).await?;
            let Some(held) = held else {
                // All that is left is held, stands behind what is held, or waits after it was given back.
                // No more time goes by than that: who holds a job shall not lose it.
                self.ground.bench.clock().fetch_max(self.due.load(Ordering::SeqCst), Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(2)).await;
                continue;
            };
            let how = how(&held);
            worker::end(self.store.as_ref(), &held, how).await?;
            if how == End::GivenBack {
                let now = self.ground.bench.clock().load(Ordering::SeqCst);
                self.due.fetch_max(now + WAIT, Ordering::SeqCst);
            } else {
                self.left.fetch_sub(1, Ordering::SeqCst);
            }
            mine.push(held);
        }
        Ok(mine)
    }
}

/// Of ten jobs one is given back first, and one fails.
fn how(held: &Held) -> End {
    match (held.job.as_str().as_bytes().last(), held.attempt) {
        (Some(b'3'), 1) => End::GivenBack,
        (Some(b'7'), _) => End::Failed,
        _ => End::Done,
    }
}
