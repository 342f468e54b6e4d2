//! Many sweep at once what nobody gave a sign of life for, while some that were thought dead report.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::failed::same;
use super::shop::{Call, Shop, code, report, together};
use super::{Bench, Failed, Scale, Seen};
use crate::domain::job::{ATTEMPTS_MAX, LEASE};
use crate::flow::wire::ReportStatus::Skipped;
use crate::store::Store;

/// Who sweeps.
const SWEEPERS: usize = 4;
/// Jobs of a run.
const JOBS: usize = 20;
/// Of so many jobs one reports late.
const LATE: usize = 5;
/// How often it is done again when all reports were in time, or none.
const TRIES: usize = 20;
/// How often a report is made again that was told that the database is busy.
const ASKED_AGAIN_MAX: usize = 20;
/// Sweeps of one sweeper that find nothing to do, until it is not believed any more that it will end.
const SWEEPS_MAX: usize = 10_000;

enum Did {
    Swept(Vec<String>),
    Reported { job: String, said: &'static str, asked_again: usize },
}

/// Every attempt of every job is left by its worker.
pub(super) async fn sweepers(bench: Arc<dyn Bench>, scale: Scale) -> Result<Seen, Failed> {
    let shop = Shop::new(bench).await?;
    let jobs = scale.jobs * 2 / JOBS * JOBS;
    let (mut seen, mut all) = (Counts::default(), 0);
    // Until some reported in time, and some too late.
    while all < jobs * TRIES && (seen.late == 0 || seen.lost == 0) {
        round(&shop, jobs, &mut seen).await?;
        all += jobs;
    }
    if seen.late == 0 || seen.lost == 0 {
        let both = format!("{} in time and {} too late", seen.late, seen.lost);
        return Err(Failed::otherwise("late reports", "some in time and some too late", both));
    }
    let mut raw = shop.bench.raw().await?;
    let sql = "SELECT CAST(count(*) AS text) FROM ledger WHERE machine = 'attempt' AND event = 'expire'";
    same("attempts that ran out in the ledger", raw.one(sql).await?, seen.expired.to_string())?;
    let rows = shop.sound().await?;
    Ok(Seen::new()
        .and(SWEEPERS, "sweepers")
        .and(all, "jobs")
        .and(seen.expired, "attempts taken back")
        .and(seen.late, "reports in time")
        .and(seen.lost, "too late")
        .and(seen.busy, "told to try again")
        .and(shop.bench.met().await?, "times transactions met")
        .and(rows, "rows of the ledger"))
}

/// So many jobs, each of whose attempts is left by its worker.
async fn round(shop: &Shop, jobs: usize, seen: &mut Counts) -> Result<(), Failed> {
    let mut runs = Vec::new();
    for _ in 0..jobs / JOBS {
        runs.push(shop.begin(JOBS, 1).await?.sprint_run_id);
    }
    let mut skipped = BTreeSet::new();
    for attempt in 1..=ATTEMPTS_MAX {
        let held = shop.claim(jobs).await?;
        same("jobs that were claimed again", held.len(), jobs - skipped.len())?;
        shop.pass(LEASE.0 + 1);
        let mut calls: Vec<Call<Result<Did, Failed>>> = Vec::new();
        for number in 0..SWEEPERS {
            let (app, store) = (shop.process(number)?, Arc::clone(&shop.store));
            calls.push(Box::pin(sweep_all(app, store)));
        }
        for held in held.iter().step_by(LATE) {
            let (app, session) = (shop.process(seen.late)?, shop.worker("w")?);
            let (job, ask) = (held.job.to_string(), report(held, Skipped, None));
            calls.push(Box::pin(async move {
                let (mut asked_again, mut said) =
                    (0, code(&app.update_job_status(&session, ask.clone()).await));
                // A sweep of many jobs of the product may be longer than a lock is waited for.
                while said == "BUSY" && asked_again < ASKED_AGAIN_MAX {
                    asked_again += 1;
                    said = code(&app.update_job_status(&session, ask.clone()).await);
                }
                Ok(Did::Reported { job, said, asked_again })
            }));
        }
        let mut swept = Vec::new();
        for did in together(calls).await? {
            match did? {
                Did::Swept(more) => swept.extend(more),
                Did::Reported { job, said, asked_again } => {
                    seen.busy += asked_again;
                    match said {
                        "ok" => {
                            seen.late += 1;
                            skipped.insert(job);
                        }
                        "LEASE_LOST" | "ALREADY_TERMINAL" => seen.lost += 1,
                        other => {
                            let expected = "ok, LEASE_LOST or ALREADY_TERMINAL";
                            return Err(Failed::otherwise(
                                format!("what a late report on {job} is told"),
                                expected,
                                other,
                            ));
                        }
                    }
                }
            }
        }
        let distinct: BTreeSet<&String> = swept.iter().collect();
        same("jobs that two sweeps took", swept.len() - distinct.len(), 0)?;
        same(format!("attempts {attempt} that were swept"), distinct.len(), jobs - skipped.len())?;
        seen.expired += distinct.len();
    }
    let mut ended = Vec::new();
    for run in &runs {
        ended.extend(shop.jobs(run).await?);
    }
    same("jobs of the runs", ended.len(), jobs)?;
    let failed = ended.iter().filter(|(_, status, cause)| status == "FAILED" && cause == "expired").count();
    let nothing =
        ended.iter().filter(|(_, status, cause)| status == "CANCELLED" && cause == "skipped").count();
    same(
        "jobs whose last attempt ran out, and that reported late",
        (failed, nothing),
        (jobs - skipped.len(), skipped.len()),
    )
}

#[derive(Default)]
struct Counts {
    expired: usize,
    late: usize,
    lost: usize,
    busy: usize,
}

/// Sweeps until nothing is stale; what it took.
async fn sweep_all(app: crate::flow::Sprintgate, store: Arc<dyn Store>) -> Result<Did, Failed> {
    let mut mine = Vec::new();
    for _ in 0..SWEEPS_MAX {
        let swept = app.sweep().await?;
        mine.extend(swept.requeued.into_iter().chain(swept.failed));
        let mut tx = store.read().await?;
        let now = tx.now();
        if tx.stale(now, 1).await?.is_empty() {
            return Ok(Did::Swept(mine));
        }
    }
    Err(Failed::otherwise("what is stale", "its end", format!("more after {SWEEPS_MAX} sweeps")))
}
