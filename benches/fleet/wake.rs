//! From the enqueue in one process to the committed claim in another that waits: by the store's signal, and bare, by a
//! NOTIFY in the enqueuing transaction.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sprintgate::domain::job::Kind;
use sprintgate::store::postgres::{Clock, PostgresStore};
use sprintgate::store::{NewJob, Store};
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::mpsc;

use crate::figures::Figures;
use crate::fleet::Fleet;
use crate::floor::{CLAIM_ONE, Floor};
use crate::ours;
use crate::rows::{Layout, stamp};
use crate::{Bench, Result};

const WARM_UP: usize = 10;
/// Between two enqueues, so that the worker is idle again.
const PAUSE: Duration = Duration::from_millis(15);

pub(crate) async fn run(bench: &Bench) -> Result<()> {
    let times = if bench.quick { 60 } else { 300 };
    let fleet = Fleet::new(bench, "wake", Layout { backlog: false, products: 1 }).await?;
    // Another process has a store of its own, which hears of commits by the server only.
    let other: Arc<dyn Store> =
        Arc::new(PostgresStore::open(&bench.server.url("wake"), Clock::Database).await?);
    let (claimed, mut claims) = mpsc::unbounded_channel();
    let worker = tokio::spawn(async move {
        let user = "u".parse().map_err(|_| "no id")?;
        let mut changes = other.changes();
        loop {
            while ours::claim(&*other, &user).await.map_err(|error| error.to_string())?.is_some() {
                claimed.send(Instant::now()).map_err(|error| error.to_string())?;
            }
            changes.changed().await.map_err(|error| error.to_string())?;
        }
        #[allow(unreachable_code, reason = "says what the task would give back")]
        Ok::<(), String>(())
    });

    let floor = Floor::new(&bench.server, "wake_floor").await?;
    let pool = PgPoolOptions::new().max_connections(2).connect(&bench.server.url("wake_floor")).await?;
    let mut ear = PgListener::connect_with(&pool).await?;
    ear.listen("bare").await?;
    let (bare_claimed, mut bare_claims) = mpsc::unbounded_channel();
    let bare_pool = pool.clone();
    let bare_worker = tokio::spawn(async move {
        while ear.recv().await.is_ok() {
            let id: Option<i64> =
                sqlx::query_scalar(CLAIM_ONE).fetch_optional(&bare_pool).await.ok().flatten();
            if id.is_some() && bare_claimed.send(Instant::now()).is_err() {
                break;
            }
        }
    });

    let (mut ours, mut bare) = (Figures::default(), Figures::default());
    for n in 0..times + WARM_UP {
        tokio::time::sleep(PAUSE).await;
        let begun = Instant::now();
        enqueue(&*fleet.store, n).await?;
        let took = claims.recv().await.ok_or("the worker is gone")? - begun;

        tokio::time::sleep(PAUSE).await;
        let begun = Instant::now();
        let mut tx = pool.begin().await?;
        sqlx::query("INSERT INTO jobs DEFAULT VALUES").execute(&mut *tx).await?;
        sqlx::query("SELECT pg_notify('bare', '')").execute(&mut *tx).await?;
        tx.commit().await?;
        let bare_took = bare_claims.recv().await.ok_or("the bare worker is gone")? - begun;
        if n >= WARM_UP {
            ours.add_time(took);
            bare.add_time(bare_took);
        }
    }
    worker.abort();
    bare_worker.abort();
    drop(floor);
    bench.say("| enqueue to claim committed | p50, ms | p99, ms |\n|---|---|---|");
    for (name, figures) in [("bare: insert, notify, claim", &bare), ("ours, in another process", &ours)] {
        let (p50, p99) = (figures.part(0.5), figures.part(0.99));
        let (by50, by99) = (p50 / bare.part(0.5), p99 / bare.part(0.99));
        bench.say(&format!("| {name} | {p50:.2} ({by50:.2}×) | {p99:.2} ({by99:.2}×) |"));
    }
    Ok(())
}

async fn enqueue(store: &dyn Store, n: usize) -> Result<()> {
    let mut tx = store.begin().await?;
    let job = NewJob {
        id: format!("w{n}").parse()?,
        user: "u".parse()?,
        product: "p0".parse()?,
        task: None,
        idea: None,
        run: Some("r-own".parse()?),
        kind: Kind::SprintImplementation,
        sequence: 0,
        branch: None,
        repo_url: None,
        ready: true,
    };
    tx.add_job(&job, &stamp()).await?;
    Ok(tx.commit().await?)
}
