//! What ledger and outbox cost in a job's whole life on SQLite: claim, start, verdict and end, a transaction each, on a
//! file with full durability. Two builds of this program take turns, round by round, so that only the ratio counts: this
//! one, and one that writes neither (`docs/benchmarks.md` says how to make it).

use std::process::Command;
use std::time::Instant;

use sprintgate::domain::actor::Actor;
use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::{self, Evidence, Head, Policy};
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::{AnyJob, Claim, Kind, LEASE, Publication};
use sprintgate::domain::run::PrStrategy;
use sprintgate::domain::verify::VerifyResult;
use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::*;
use sqlx::{Connection, Executor, Row};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 15;
const LIVES: usize = 300;
/// The path of the other build.
const PEER: &str = "SPRINTGATE_LIFE_BARE";

#[tokio::main]
#[allow(clippy::print_stdout, reason = "the figures are what this program is for")]
async fn main() -> Result<()> {
    if std::env::args().any(|arg| arg == "--round") {
        println!("{}", round().await?);
        return Ok(());
    }
    let Some(peer) = std::env::var_os(PEER) else {
        println!("{:.3} ms a life; with {PEER}=<the bare build> the ratio", round().await?);
        return Ok(());
    };
    let me = std::env::current_exe()?;
    let (mut full, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (with, without) = (ask(me.as_os_str())?, ask(&peer)?);
        ratios.push(without / with);
        full.push(with);
        bare.push(without);
    }
    for (name, times) in [("with ledger and outbox", &mut full), ("without them", &mut bare)] {
        times.sort_by(f64::total_cmp);
        println!("{name:<24}{:.3} ms a life (middle of {ROUNDS} rounds of {LIVES})", middle(times));
    }
    ratios.sort_by(f64::total_cmp);
    let (low, high) = (ratios.first().unwrap_or(&0.0), ratios.last().unwrap_or(&0.0));
    println!("{:<24}{:.2} ({low:.2} to {high:.2})", "of the rate is left", middle(&ratios));
    Ok(())
}

fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn ask(program: &std::ffi::OsStr) -> Result<f64> {
    let out = Command::new(program).arg("--round").output()?;
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into());
    }
    Ok(String::from_utf8(out.stdout)?.trim().parse()?)
}

/// Milliseconds a life, in a database that is made for it.
async fn round() -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.db");
    let store = SqliteStore::open(&path, Clock::Database).await?;
    if cfg!(bench_bare) {
        unguarded(&path).await?;
    }
    backlog(&store).await?;
    let ids = (0..LIVES).map(|n| format!("job-{n:04}").parse());
    let jobs: Vec<JobId> = ids.collect::<std::result::Result<_, _>>()?;
    let mut tx = store.begin().await?;
    for job in &jobs {
        tx.add_task(&task(job)?, &stamp()).await?;
        tx.add_job(&queued(job)?, &stamp()).await?;
    }
    tx.commit().await?;
    let begun = Instant::now();
    for job in &jobs {
        live(&store, job).await?;
    }
    Ok(begun.elapsed().as_secs_f64() * 1000.0 / LIVES as f64)
}

/// Takes the triggers away that ask for the ledger's row.
async fn unguarded(path: &std::path::Path) -> Result<()> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut raw = sqlx::SqliteConnection::connect_with(&options).await?;
    let names = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND (name LIKE '%_born' OR name LIKE '%_moves')";
    for row in sqlx::query(names).fetch_all(&mut raw).await? {
        let name: String = row.get(0);
        raw.execute(sqlx::AssertSqlSafe(format!("DROP TRIGGER {name}"))).await?;
    }
    Ok(raw.close().await?)
}

async fn live(store: &SqliteStore, job: &JobId) -> Result<()> {
    let mut tx = store.begin().await?;
    let first = tx.first_claimable(&"u".parse()?, None).await?.ok_or("the queue is empty")?;
    let AnyJob::Queued(it) = read(tx.as_mut(), &first).await? else { return Err("not queued".into()) };
    let (plan, policy) = ("change `a.rs`".to_owned(), Policy::default());
    let step =
        it.claim(Claim { token: "t".parse()?, worker: "w".parse()?, plan, policy }, tx.now(), LEASE)?;
    let attempt = Attempt::begun(&step, "here".into(), None);
    tx.apply(Change::Job(step.into()), &stamp()).await?;
    tx.add_attempt(&attempt, &stamp()).await?;
    tx.commit().await?;

    let mut tx = store.begin().await?;
    let AnyJob::Claimed(it) = read(tx.as_mut(), job).await? else { return Err("not claimed".into()) };
    tx.apply(Change::Job(it.start(1, tx.now(), LEASE)?.into()), &stamp()).await?;
    tx.commit().await?;

    let mut tx = store.begin().await?;
    let commit = CommitId::new("a".repeat(40))?;
    let evidence = Evidence { result: VerifyResult::Aligned, commit: commit.clone(), at: tx.now() };
    let seen = Verification { evidence: evidence.clone(), reasoning: "all of it".into() };
    tx.note_verdict(job, 1, &seen).await?;
    tx.commit().await?;

    let mut tx = store.begin().await?;
    let AnyJob::Running(it) = read(tx.as_mut(), job).await? else { return Err("not running".into()) };
    let published = Publication { commit: commit.clone(), at: tx.now() };
    let passed = gate::judge(job, 1, Some(&evidence), policy, None, &Head { commit, dirty: 0 })?;
    let step = it.finish(1, passed, Some(published), Some("all of it".into()), tx.now())?;
    tx.apply(Change::Job(step.into()), &stamp()).await?;
    Ok(tx.commit().await?)
}

async fn read(tx: &mut dyn Tx, job: &JobId) -> Result<AnyJob> {
    Ok(AnyJob::try_from(tx.job(job).await?.ok_or("no such job")?.row)?)
}

fn stamp() -> Stamp {
    Stamp::of(Actor::System)
}

async fn backlog(store: &SqliteStore) -> Result<()> {
    let mut tx = store.begin().await?;
    tx.add_user(&NewUser { id: "u".parse()?, username: "ann".into(), is_demo: false }).await?;
    let hash = Secret::shown("t").hash();
    let kind = TokenKind::Implementation;
    let (id, user) = ("t".parse()?, "u".parse()?);
    tx.add_token(&NewToken { id, user, hash, kind, label: None, expires_at: None, scope: None }).await?;
    let product = NewProduct {
        id: "p".parse()?,
        user: "u".parse()?,
        name: "Shop".into(),
        code: None,
        description: None,
        repo_url: None,
        definition_of_done: "tests pass".into(),
        pr_strategy: PrStrategy::Story,
        cascade_on_infrastructure: false,
        auto_pr: false,
        push_salvage: false,
        trailers: false,
    };
    tx.add_product(&product).await?;
    let pbi = NewPbi {
        id: "b".parse()?,
        product: "p".parse()?,
        code: "PBI-1".into(),
        title: "Basket".into(),
        description: None,
        priority: 2,
        sort_order: None,
    };
    tx.add_pbi(&pbi, &stamp()).await?;
    let story = NewStory {
        id: "st".parse()?,
        pbi: "b".parse()?,
        product: "p".parse()?,
        sprint: None,
        code: "ST-001".into(),
        title: "Fill it".into(),
        description: None,
        acceptance_criteria: None,
        priority: 2,
        sort_order: None,
    };
    tx.add_story(&story, &stamp()).await?;
    Ok(tx.commit().await?)
}

fn task(job: &JobId) -> Result<NewTask> {
    Ok(NewTask {
        id: job.as_str().parse()?,
        story: "st".parse()?,
        code: format!("T-{job}"),
        title: format!("task {job}"),
        description: None,
        implementation_plan: Some("change `a.rs`".into()),
        priority: 2,
        sort_order: None,
        repo_url: None,
        policy: Policy::default(),
    })
}

fn queued(job: &JobId) -> Result<NewJob> {
    Ok(NewJob {
        id: job.clone(),
        user: "u".parse()?,
        product: "p".parse()?,
        task: Some(job.as_str().parse()?),
        idea: None,
        run: None,
        kind: Kind::TaskImplementation,
        sequence: 0,
        branch: Some("feat/story-1".into()),
        repo_url: Some("https://example.org/shop.git".into()),
        ready: true,
    })
}
