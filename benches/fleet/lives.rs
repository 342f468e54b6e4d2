//! The full life of a job, against the floor's and against the original's, with 1, 4 and 8 workers.

use std::sync::Arc;

use crate::figures::Figures;
use crate::fleet::{Fleet, rate};
use crate::floor::Floor;
use crate::original::Original;
use crate::ours::{self, Worker};
use crate::rows::Layout;
use crate::{Bench, Result};

const WORKERS: [u32; 3] = [1, 4, 8];

impl Fleet {
    /// So many lives over all workers, each three moves; how many a second.
    async fn moves(&self, workers: u32, lives: u32) -> Result<f64> {
        rate(workers, lives, |_| {
            let store = Arc::clone(&self.store);
            Ok(move || {
                let store = Arc::clone(&store);
                async move { ours::moves(&*store, &"u".parse()?).await }
            })
        })
        .await
    }

    /// The same by the use cases.
    async fn calls(&self, workers: u32, lives: u32) -> Result<f64> {
        rate(workers, lives, |number| {
            let (store, worker) = (Arc::clone(&self.store), Arc::new(Worker::new(&self.app, number)?));
            Ok(move || {
                let (store, worker) = (Arc::clone(&store), Arc::clone(&worker));
                async move { worker.life(&*store).await }
            })
        })
        .await
    }
}

/// Three moves through the port, and calls of the use cases, beside the floor.
pub(crate) async fn run(bench: &Bench) -> Result<()> {
    let plain = Layout { backlog: false, products: 1 };
    let backlog = Layout { backlog: true, products: 1 };
    let spread = Layout { backlog: true, products: 8 };
    let queues: &[u32] = if bench.quick { &[1_000] } else { &[1_000, 100_000] };
    bench.say("| queued | workers | floor, lives/s | three moves, lives/s | by the floor | use cases, 1 product, by the \
        floor | use cases, 8 products | original's SQL, lives/s | use cases, 8 products, by the original's |\n\
        |---|---|---|---|---|---|---|---|---|");
    let workers: Vec<u32> =
        WORKERS.into_iter().filter(|workers| bench.only.is_none_or(|only| only == *workers)).collect();
    for &queued in queues {
        let mut floor = Floor::new(&bench.server, &format!("floor_{queued}")).await?;
        let mut ours = Fleet::new(bench, &format!("ours_{queued}"), plain).await?;
        let mut one = Fleet::new(bench, &format!("one_{queued}"), backlog).await?;
        let mut eight = Fleet::new(bench, &format!("eight_{queued}"), spread).await?;
        let mut theirs = Original::new(bench, &format!("original_{queued}")).await?;
        for &workers in &workers {
            let lives = bench.lives(workers);
            let half = queued + lives / 2;
            // the original's claim reads the whole queue
            let few = if queued > 10_000 { 3 * workers } else { lives / 2 };
            let mut figures: [Figures; 5] = Default::default();
            for round in 0..=bench.rounds() {
                floor.queue(half).await?;
                ours.queue(half).await?;
                // four of five jobs of a backlog stand behind another one of their story
                one.queue(half).await?;
                eight.queue(half).await?;
                theirs.queue(half).await?;
                let rates = [
                    floor.rate(workers, lives)?,
                    ours.moves(workers, lives).await?,
                    one.calls(workers, lives / 2).await?,
                    eight.calls(workers, lives / 2).await?,
                    theirs.lives(workers, few).await?,
                ];
                // the first one warms up
                if round > 0 {
                    figures.iter_mut().zip(rates).for_each(|(figures, rate)| figures.add(rate));
                }
            }
            let [floor, ours, one, eight, theirs] = figures;
            bench.say(&format!(
                "| {queued} | {workers} | {} | {} | {} | {} | {} | {} | {} |",
                floor.told(0),
                ours.told(0),
                ours.by(&floor).told(2),
                one.by(&floor).told(2),
                eight.by(&floor).told(2),
                theirs.told(0),
                eight.by(&theirs).told(1),
            ));
        }
        growth(bench, &mut ours).await?;
        growth(bench, &mut one).await?;
    }
    Ok(())
}

/// How much ledger and outbox a life leaves.
async fn growth(bench: &Bench, fleet: &mut Fleet) -> Result<()> {
    const GROWN: &str = "SELECT (SELECT count(*) FROM claude_jobs WHERE status = 'DONE'), \
        (SELECT count(*) FROM ledger WHERE entity_seq > 1 OR machine = 'attempt'), (SELECT count(*) FROM outbox), \
        pg_total_relation_size('ledger') / (SELECT count(*) FROM ledger), \
        pg_total_relation_size('outbox') / greatest((SELECT count(*) FROM outbox), 1)";
    let (lives, rows, events, row, event): (i64, i64, i64, i64, i64) =
        sqlx::query_as(GROWN).fetch_one(&mut fleet.sql).await?;
    let each = |n: i64| n as f64 / lives as f64;
    bench.say(&format!(
        "{lives} lives: {:.1} rows of the ledger each, of {row} bytes with their indexes; {:.1} events each, of {event} bytes",
        each(rows),
        each(events),
    ));
    Ok(())
}
