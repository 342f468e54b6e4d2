//! What ledger and outbox cost in a life on PostgreSQL. Two builds of this program take turns on two databases of one
//! server, round by round, each in a process of its own: this one, and one that writes neither (`docs/benchmarks.md` says
//! how to make it).

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use sprintgate::store::Store;
use sprintgate::store::postgres::{Clock, PostgresStore};
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::figures::Figures;
use crate::fleet::{Fleet, rate};
use crate::rows::Layout;
use crate::server::done;
use crate::{Bench, Result, ours};

/// The path of the other build.
const PEER: &str = "SPRINTGATE_FLEET_BARE";
const WORKERS: [u32; 3] = [1, 4, 8];
const PLAIN: Layout = Layout { backlog: false, products: 1 };

/// The triggers that ask for the ledger's row; the rules of transitions stand in them too, and go with them.
const GUARDS: &str = "SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger \
    WHERE NOT tgisinternal AND (tgname LIKE '%\\_born' OR tgname LIKE '%\\_moves')";

/// Three moves of so many jobs in a database that is filled already; how many lives a second.
pub(crate) async fn lives(url: &str, workers: u32, lives: u32) -> Result<f64> {
    let store: Arc<dyn Store> = Arc::new(PostgresStore::open(url, Clock::Database).await?);
    rate(workers, lives, |_| {
        let store = Arc::clone(&store);
        Ok(move || {
            let store = Arc::clone(&store);
            async move { ours::moves(&*store, &"u".parse()?).await }
        })
    })
    .await
}

pub(crate) async fn run(bench: &Bench) -> Result<()> {
    let Some(peer) = std::env::var_os(PEER) else {
        bench.say(&format!("{PEER} does not name the bare build: left out"));
        return Ok(());
    };
    let me = std::env::current_exe()?;
    let (mut full, mut bare) =
        (Fleet::new(bench, "share_full", PLAIN).await?, Fleet::new(bench, "share_bare", PLAIN).await?);
    unguarded(&mut bare.sql).await?;
    bench.say("| workers | lives/s | without ledger and outbox | of the rate is left |\n|---|---|---|---|");
    for workers in WORKERS.into_iter().filter(|workers| bench.only.is_none_or(|only| only == *workers)) {
        let (lives, mut with, mut without) = (bench.lives(workers), Figures::default(), Figures::default());
        for round in 0..=bench.rounds() {
            full.queue(1_000 + lives).await?;
            bare.queue(1_000 + lives).await?;
            let rates = (
                ask(&me, &bench.server.url("share_full"), workers, lives)?,
                ask(Path::new(&peer), &bench.server.url("share_bare"), workers, lives)?,
            );
            // the first one warms up
            if round > 0 {
                with.add(rates.0);
                without.add(rates.1);
            }
        }
        let left = with.by(&without);
        bench.say(&format!("| {workers} | {} | {} | {} |", with.told(0), without.told(0), left.told(2)));
    }
    wrote_nothing(&mut bare.sql).await
}

fn ask(program: &Path, url: &str, workers: u32, lives: u32) -> Result<f64> {
    let mut round = Command::new(program);
    round.args([format!("--at={url}"), format!("--workers={workers}"), format!("--lives={lives}")]);
    Ok(done(&mut round)?.trim().parse()?)
}

async fn unguarded(sql: &mut PgConnection) -> Result<()> {
    let guards: Vec<(String, String)> = sqlx::query_as(GUARDS).fetch_all(&mut *sql).await?;
    for (table, name) in guards {
        sql.execute(AssertSqlSafe(format!("DROP TRIGGER {name} ON {table}"))).await?;
    }
    Ok(())
}

/// The peer was the bare build: nothing of what its jobs did after they were made is written down.
async fn wrote_nothing(sql: &mut PgConnection) -> Result<()> {
    const WRITTEN: &str = "SELECT (SELECT count(*) FROM ledger WHERE machine = 'job' AND entity_seq > 1), \
        (SELECT count(*) FROM claude_jobs WHERE status = 'DONE')";
    let (rows, done): (i64, i64) = sqlx::query_as(WRITTEN).fetch_one(sql).await?;
    if rows > 0 || done == 0 {
        return Err(format!("{PEER} is not the bare build: {rows} rows of the ledger, {done} lives").into());
    }
    Ok(())
}
