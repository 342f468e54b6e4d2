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

/// What a trigger asks of the ledger, from here to there; the rules of births and transitions beside it stay.
const ASKS: (&str, &str) = ("OR NOT EXISTS (SELECT 1 FROM ledger", " THEN");

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
    if bench.only.is_some_and(|only| !WORKERS.contains(&only)) {
        return Err(format!("share is measured with so many workers: {WORKERS:?}").into());
    }
    let Some(peer) = std::env::var_os(PEER) else {
        bench.say(&format!("{PEER} does not name the bare build: left out"));
        return Ok(());
    };
    let me = std::env::current_exe()?;
    let (mut full, mut bare) =
        (Fleet::new(bench, "share_full", PLAIN).await?, Fleet::new(bench, "share_bare", PLAIN).await?);
    unguarded(&mut bare.sql).await?;
    bench.say("| workers | lives/s | without ledger and outbox | of the rate is left | statements a life, with and without |\n\
        |---|---|---|---|---|");
    for workers in WORKERS.into_iter().filter(|workers| bench.only.is_none_or(|only| only == *workers)) {
        let lives = bench.lives(workers);
        let [mut with, mut without] = [Figures::default(), Figures::default()];
        let before = (statements(&mut full.sql).await?, statements(&mut bare.sql).await?);
        for round in 0..=bench.rounds() {
            full.queue(1_000 + lives).await?;
            bare.queue(1_000 + lives).await?;
            let here = || ask(&me, &bench.server.url("share_full"), workers, lives);
            let there = || ask(Path::new(&peer), &bench.server.url("share_bare"), workers, lives);
            // neither always has what the other one left to be written
            let (mine, theirs) = if round % 2 == 0 {
                let mine = here()?;
                (mine, there()?)
            } else {
                let theirs = there()?;
                (here()?, theirs)
            };
            // the first one warms up
            if round > 0 {
                with.add(mine);
                without.add(theirs);
            }
        }
        let each = |from: i64, to: i64| (to - from) as f64 / (lives as usize * (bench.rounds() + 1)) as f64;
        let asked = each(before.0, statements(&mut full.sql).await?);
        let asked_bare = each(before.1, statements(&mut bare.sql).await?);
        let left = with.by(&without);
        bench.say(&format!(
            "| {workers} | {} | {} | {} | {asked:.1}, {asked_bare:.1} |",
            with.told(0),
            without.told(0),
            left.told(2)
        ));
    }
    wrote_nothing(&mut bare.sql).await
}

/// What clients have asked of this database so far.
async fn statements(sql: &mut PgConnection) -> Result<i64> {
    const CALLS: &str = "SELECT CAST(coalesce(sum(calls), 0) AS bigint) FROM pg_stat_statements \
        WHERE toplevel AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())";
    sql.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").await?;
    Ok(sqlx::query_scalar(CALLS).fetch_one(sql).await?)
}

fn ask(program: &Path, url: &str, workers: u32, lives: u32) -> Result<f64> {
    let mut round = Command::new(program);
    round.args([format!("--at={url}"), format!("--workers={workers}"), format!("--lives={lives}")]);
    Ok(done(&mut round)?.trim().parse()?)
}

/// The triggers ask nothing of the ledger any more.
async fn unguarded(sql: &mut PgConnection) -> Result<()> {
    for function in ["machine_born", "machine_moves"] {
        let text: String = sqlx::query_scalar("SELECT pg_get_functiondef(to_regproc($1))")
            .bind(function)
            .fetch_one(&mut *sql)
            .await?;
        let lost = || format!("{function} asks nothing of the ledger");
        let (before, asks) = text.split_once(ASKS.0).ok_or_else(lost)?;
        let (_, after) = asks.split_once(ASKS.1).ok_or_else(lost)?;
        sql.execute(AssertSqlSafe(format!("{before}{}{after}", ASKS.1))).await?;
    }
    Ok(())
}

/// The peer was the bare build: nothing of what its jobs did after they were made is written down.
async fn wrote_nothing(sql: &mut PgConnection) -> Result<()> {
    const WRITTEN: &str = "SELECT (SELECT count(*) FROM ledger WHERE machine = 'attempt' OR machine = 'job' AND entity_seq > 1) \
        + (SELECT count(*) FROM outbox WHERE machine IN ('job', 'attempt')), \
        (SELECT count(*) FROM claude_jobs WHERE status = 'DONE')";
    let (rows, done): (i64, i64) = sqlx::query_as(WRITTEN).fetch_one(sql).await?;
    if rows > 0 || done == 0 {
        return Err(format!("{PEER} is not the bare build: {rows} rows and events, {done} lives").into());
    }
    Ok(())
}
