//! How fast `audit verify` reads, and what it keeps: the same ledger twice, the second time ten times as long.
//! `cargo bench --bench audit`.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use sprintgate::domain::actor::Actor;
use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::gate::Policy;
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::{AnyJob, Claim, Kind, LEASE};
use sprintgate::domain::run::PrStrategy;
use sprintgate::flow::{Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::*;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Jobs in the ledger, thirteen rows each.
const SIZES: [usize; 2] = [2_000, 20_000];
const BATCH: usize = 1_000;
const ROUNDS: usize = 5;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "the figures are what this program is for")]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Arc::new(SqliteStore::open(&folder.path().join("bench.db"), Clock::Database).await?);
    people(&store).await?;
    let git = Git::new(GitSettings {
        worktree_root: folder.path().join("worktrees"),
        vault_root: folder.path().join("vault"),
        timeout: Duration::from_secs(60),
        credential_helper: None,
    })?;
    let app = Sprintgate::new(Arc::clone(&store) as Arc<dyn Store>, git, Settings::default());
    let mut filled = 0;
    for size in SIZES {
        while filled < size {
            let mut tx = store.begin().await?;
            for number in filled..filled + BATCH {
                life(tx.as_mut(), number).await?;
            }
            tx.commit().await?;
            filled += BATCH;
        }
        let begun = Instant::now();
        let bound = app.audit_checkpoint().await?;
        println!("{size} jobs: {} checkpoints in {:.1?}", bound.written, begun.elapsed());
        for _ in 0..ROUNDS {
            let (begun, busy, kept) = (Instant::now(), cpu(), resident());
            let report = app.audit_verify().await?;
            let (took, used) = (begun.elapsed().as_secs_f64(), cpu() - busy);
            assert!(report.ok, "{:#?}", report.findings);
            let rows = report.rows as f64;
            let (wall, core) = (rows / took, rows / used);
            let grown = resident() - kept;
            println!(
                "{:>9} rows in {took:.2} s: {wall:.0} a second, {core:.0} a second and core, {grown:+} KiB",
                report.rows
            );
        }
    }
    Ok(())
}

/// The processor time that this process used, in seconds.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// The memory of this process, in KiB.
fn resident() -> i64 {
    let status = fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|field| field.parse().ok()).unwrap_or(0)
}

/// A job that is claimed and given back three times: its own seven rows, and two of each attempt.
async fn life(tx: &mut dyn Tx, number: usize) -> Result<()> {
    let id: JobId = format!("0197f3a0{number:024}").parse()?;
    let (user, product) = ("u".parse()?, "p".parse()?);
    let new = NewJob {
        id: id.clone(),
        user,
        product,
        task: None,
        idea: None,
        run: Some("r".parse()?),
        kind: Kind::SprintImplementation,
        sequence: 0,
        branch: None,
        repo_url: None,
        ready: true,
    };
    tx.add_job(&new, &stamp()).await?;
    for attempt in 1..=3 {
        let record = tx.job(&id).await?.ok_or("no such job")?;
        let AnyJob::Queued(queued) = AnyJob::try_from(record.row)? else { return Err("not queued".into()) };
        let policy = Policy::default();
        let claim = Claim { token: "t".parse()?, worker: "w".parse()?, plan: String::new(), policy };
        // A job that was given back waits.
        let at = queued.state.not_before.max(tx.now());
        let step = queued.claim(claim, at, LEASE)?;
        let made = Attempt::begun(&step, "here".into(), None);
        tx.apply(Change::Job(step.into()), &stamp()).await?;
        tx.add_attempt(&made, &stamp()).await?;
        let record = tx.job(&id).await?.ok_or("no such job")?;
        let AnyJob::Claimed(claimed) = AnyJob::try_from(record.row)? else {
            return Err("not claimed".into());
        };
        let given_back = claimed.release(attempt, "no repository", at)?;
        tx.apply(Change::Job(given_back.into()), &stamp()).await?;
    }
    Ok(())
}

fn stamp() -> Stamp {
    let facts = json!({ "lease_until": 1_800_000_000_000_i64, "worker": "host-4711-0a1b2c3d", "why": "no repository" });
    Stamp { facts, attempt: Some(1), ..Stamp::of(Actor::System) }
}

async fn people(store: &SqliteStore) -> Result<()> {
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
    let sprint =
        NewSprint { id: "s".parse()?, product: "p".parse()?, code: "S-1".into(), goal: "sell".into() };
    tx.add_sprint(&sprint, &stamp()).await?;
    let run = NewRun {
        id: "r".parse()?,
        sprint: "s".parse()?,
        started_by: "u".parse()?,
        strategy: PrStrategy::Sprint,
        branch: None,
        previous: None,
    };
    tx.add_run(&run, &stamp()).await?;
    Ok(tx.commit().await?)
}
