//! SQLite: the full life of a job against a loop of three bare transactions, each on a file of its own with the same
//! settings (WAL, synchronous = FULL), in alternation.

use std::sync::Arc;
use std::time::Instant;

use sprintgate::domain::job::Kind;
use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::{NewIdea, NewJob, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Executor};

use crate::figures::Figures;
use crate::ours;
use crate::rows::{self, stamp};
use crate::{Bench, Result};

const TABLE: &str = "CREATE TABLE jobs (id INTEGER PRIMARY KEY, status TEXT NOT NULL DEFAULT 'QUEUED', worker TEXT, \
    claimed_at INTEGER, started_at INTEGER, finished_at INTEGER); \
    CREATE INDEX jobs_queued ON jobs (id) WHERE status = 'QUEUED'";
const BEGIN: &str = "BEGIN IMMEDIATE";
const CLAIM: &str = "UPDATE jobs SET status = 'CLAIMED', worker = 'w', claimed_at = unixepoch() WHERE id = (\
    SELECT id FROM jobs WHERE status = 'QUEUED' ORDER BY id LIMIT 1) RETURNING id";
const RUNNING: &str = "UPDATE jobs SET status = 'RUNNING', started_at = unixepoch() WHERE id = $1";
const DONE: &str = "UPDATE jobs SET status = 'DONE', finished_at = unixepoch() WHERE id = $1";

async fn bare(sql: &mut SqliteConnection) -> Result<()> {
    sql.execute(BEGIN).await?;
    let id: i64 = sqlx::query_scalar(CLAIM).fetch_one(&mut *sql).await?;
    sql.execute("COMMIT").await?;
    for text in [RUNNING, DONE] {
        sql.execute(BEGIN).await?;
        sqlx::query(text).bind(id).execute(&mut *sql).await?;
        sql.execute("COMMIT").await?;
    }
    Ok(())
}

pub(crate) async fn run(bench: &Bench) -> Result<()> {
    let lives = if bench.quick { 100 } else { 300 };
    let folder = tempfile::tempdir()?;
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut floor = SqliteConnection::connect_with(&options).await?;
    floor.execute(TABLE).await?;
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open(&folder.path().join("ours.db"), Clock::Database).await?);
    rows::people(&*store, 1).await?;
    let (mut theirs, mut mine) = (Figures::default(), Figures::default());
    for round in 0..=bench.rounds() {
        let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
            INSERT INTO jobs (status) SELECT 'QUEUED' FROM n";
        sqlx::query(fill).bind(lives).execute(&mut floor).await?;
        queue(&*store, round, lives).await?;

        let begun = Instant::now();
        for _ in 0..lives {
            bare(&mut floor).await?;
        }
        let bare_rate = f64::from(lives) / begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        for _ in 0..lives {
            if !ours::moves(&*store, &"u".parse()?).await? {
                return Err("the queue is empty".into());
            }
        }
        let our_rate = f64::from(lives) / begun.elapsed().as_secs_f64();
        if round > 0 {
            theirs.add(bare_rate);
            mine.add(our_rate);
        }
    }
    bench.say("| SQLite, 1 worker | bare, lives/s | ours, lives/s | ours by the bare |\n|---|---|---|---|");
    let (bare, ours, by) = (theirs.told(0), mine.told(0), mine.by(&theirs).told(2));
    bench.say(&format!("| three transactions a life | {bare} | {ours} | {by} |"));
    Ok(())
}

async fn queue(store: &dyn Store, round: usize, jobs: u32) -> Result<()> {
    let mut tx = store.begin().await?;
    for n in 0..jobs {
        // A kind that is done without a verdict: each is about an idea of its own.
        let name = format!("f{round}-{n}");
        let idea = NewIdea {
            id: name.parse()?,
            user: "u".parse()?,
            product: Some("p0".parse()?),
            code: name.clone(),
            title: "sell more".to_owned(),
            description: None,
        };
        tx.add_idea(&idea, &stamp()).await?;
        let job = NewJob {
            id: name.parse()?,
            user: "u".parse()?,
            product: "p0".parse()?,
            task: None,
            idea: Some(idea.id),
            run: None,
            kind: Kind::PlanChat,
            sequence: 0,
            branch: None,
            repo_url: None,
            ready: true,
        };
        tx.add_job(&job, &stamp()).await?;
    }
    Ok(tx.commit().await?)
}
