//! The last jobs of a run end at the same moment: it ends, and it ends once.

use std::sync::Arc;

use super::failed::{refused, same};
use super::random::Random;
use super::shop::{Call, Shop, code, report, together};
use super::{Bench, Failed, Scale, Seen};
use crate::flow::wire::ReportStatus::Skipped;

/// Jobs of a run, each with a branch of its own.
const JOBS: usize = 6;

/// All jobs of a run are skipped at once, or cancelled by a person.
pub(super) async fn last_jobs(bench: Arc<dyn Bench>, scale: Scale) -> Result<Seen, Failed> {
    let shop = Shop::new(bench).await?;
    let mut raw = shop.bench.raw().await?;
    let (mut done, mut cancelled) = (0_usize, 0_usize);
    for round in 0..scale.rounds * 2 {
        let mut random = Random::new(u64::try_from(round).map_err(refused)?);
        let run = shop.begin(JOBS, 1).await?;
        let held = shop.claim(JOBS).await?;
        same("jobs that were claimed", held.len(), JOBS)?;
        let mut calls: Vec<Call<&'static str>> = Vec::new();
        let mut stopped = false;
        for (number, held) in held.into_iter().enumerate() {
            let app = shop.process(number)?;
            // In every second run all of them had nothing to do.
            if round % 2 == 1 && random.of(false, &[true]) {
                stopped = true;
                let person = shop.person()?;
                calls.push(Box::pin(
                    async move { code(&app.cancel_job(&person, held.job.as_str(), None).await) },
                ));
            } else {
                let session = shop.worker("w")?;
                let ask = report(&held, Skipped, None);
                calls.push(Box::pin(async move { code(&app.update_job_status(&session, ask).await) }));
            }
        }
        same("what the last jobs of a run are told", together(calls).await?, vec!["ok"; JOBS])?;
        // A run whose jobs had nothing to do is done; one that lost a job to a person is not.
        let expected = if stopped { "CANCELLED" } else { "DONE" };
        same(format!("the run of round {round}"), shop.run(&run.sprint_run_id).await?.as_str(), expected)?;
        let ends = format!(
            "SELECT CAST(count(*) AS text) FROM ledger WHERE machine = 'sprint_run' AND entity = '{}' \
             AND to_status IN ('DONE', 'FAILED', 'CANCELLED')",
            run.sprint_run_id
        );
        same("the run's ends in the ledger", raw.one(&ends).await?.as_str(), "1")?;
        shop.levels(&run.sprint_id).await?;
        if stopped { cancelled += 1 } else { done += 1 }
    }
    let rows = shop.sound().await?;
    Ok(Seen::new()
        .and(done + cancelled, "runs")
        .and((done + cancelled) * JOBS, "jobs that ended at once")
        .and(done, "runs done")
        .and(cancelled, "cancelled")
        .and(shop.bench.met().await?, "times transactions met")
        .and(rows, "rows of the ledger"))
}
