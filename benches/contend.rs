//! Whether processes that write to one file share it alike: `cargo bench --bench contend`. One process alone and four
//! together take turns, round by round, so that only the ratios count. A process claims, starts and ends jobs, three
//! transactions each, without a pause, on a file with full durability.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sprintgate::domain::actor::Actor;
use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::gate::Policy;
use sprintgate::domain::job::{AnyJob, Claim, Failure, Kind, LEASE};
use sprintgate::domain::run::PrStrategy;
use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::*;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 7;
const PROCESSES: usize = 4;
/// How long a round lasts.
const ROUND: Duration = Duration::from_secs(3);
/// Jobs that lie in the file: more than a round can end.
const JOBS: usize = 24_000;
const FILE: &str = "bench.db";

/// What one process did in a round.
#[derive(Default, Clone)]
struct Done {
    lives: usize,
    claims: Vec<u64>,
    busy: usize,
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "the figures are what this program is for")]
async fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    if let [_, mode, path, number, ..] = args.as_slice()
        && mode == "--work"
    {
        let done = work(Path::new(path), number).await?;
        let claims: Vec<String> = done.claims.iter().map(u64::to_string).collect();
        println!("{} {} {}", done.lives, done.busy, claims.join(" "));
        return Ok(());
    }
    let (mut alone, mut ratios, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    let (mut waits, mut busy) = (Vec::new(), 0);
    let filled = filled().await?;
    for _ in 0..ROUNDS {
        let one = rate(&round(filled.path(), 1)?);
        let four = round(filled.path(), PROCESSES)?;
        let fair = four.iter().map(|done| done.lives).sum::<usize>() as f64 / PROCESSES as f64;
        shares.extend(four.iter().map(|done| done.lives as f64 / fair));
        busy += four.iter().map(|done| done.busy).sum::<usize>();
        waits.extend(four.iter().flat_map(|done| done.claims.iter().copied()));
        ratios.push(rate(&four) / one);
        alone.push(one);
    }
    for sorted in [&mut alone, &mut ratios, &mut shares] {
        sorted.sort_by(f64::total_cmp);
    }
    waits.sort_unstable();
    let wait = |percent: usize| {
        let at = (waits.len() * percent / 100).min(waits.len().saturating_sub(1));
        waits.get(at).map_or(0.0, |micros| *micros as f64 / 1000.0)
    };
    println!("one process alone     {:.0} jobs/s", middle(&alone));
    println!("of that, {PROCESSES} together   {}", range(&ratios));
    println!("share of a fair one   {}", range(&shares));
    println!(
        "a claim waits         p50 {:.2} ms, p99 {:.2} ms, at most {:.2} ms",
        wait(50),
        wait(99),
        wait(100)
    );
    println!("busy errors           {busy}");
    Ok(())
}

fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn range(sorted: &[f64]) -> String {
    let (low, high) = (sorted.first().unwrap_or(&0.0), sorted.last().unwrap_or(&0.0));
    format!("{:.2} ({low:.2} to {high:.2})", middle(sorted))
}

/// Jobs that ended in a second.
fn rate(all: &[Done]) -> f64 {
    all.iter().map(|done| done.lives).sum::<usize>() as f64 / ROUND.as_secs_f64()
}

/// A folder with a file in which the jobs lie, for the rounds to copy.
async fn filled() -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let store = SqliteStore::open(&folder.path().join(FILE), Clock::Database).await?;
    fill(&store).await?;
    store.close().await;
    Ok(folder)
}

/// One round on a copy of the file.
fn round(filled: &Path, processes: usize) -> Result<Vec<Done>> {
    let folder = tempfile::tempdir()?;
    for file in std::fs::read_dir(filled)? {
        let file = file?;
        std::fs::copy(file.path(), folder.path().join(file.file_name()))?;
    }
    let path = folder.path().join(FILE);
    // what is copied is on the disk before anybody is timed
    std::fs::File::open(&path)?.sync_all()?;
    let me = std::env::current_exe()?;
    let mut children = Vec::new();
    for number in 0..processes {
        let mut command = Command::new(&me);
        command.arg("--work").arg(&path).arg(number.to_string());
        children.push(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
    }
    // Each says that it is open; then all of them begin.
    for child in &mut children {
        let mut ready = [0];
        std::io::Read::read_exact(child.stdout.as_mut().ok_or("no output")?, &mut ready)?;
    }
    for child in &mut children {
        drop(child.stdin.take());
    }
    let mut all = Vec::new();
    for child in children {
        let out = child.wait_with_output()?;
        if !out.status.success() {
            return Err(String::from_utf8_lossy(&out.stderr).into());
        }
        let text = String::from_utf8(out.stdout)?;
        let mut words = text.split_whitespace();
        let mut number = || words.next().ok_or("a number is missing").map(str::parse::<usize>);
        let (lives, busy) = (number()??, number()??);
        let claims = words.map(str::parse).collect::<std::result::Result<_, _>>()?;
        all.push(Done { lives, claims, busy });
    }
    Ok(all)
}

#[allow(clippy::print_stdout, reason = "the one who started it waits for a sign")]
async fn work(path: &Path, number: &str) -> Result<Done> {
    let store = SqliteStore::open(path, Clock::Database).await?;
    println!();
    std::io::stdin().read_line(&mut String::new())?;
    let (mut done, begun) = (Done::default(), Instant::now());
    while begun.elapsed() < ROUND {
        match live(&store, number, &mut done.claims).await {
            Ok(()) => done.lives += 1,
            Err(error) if matches!(error.downcast_ref(), Some(StoreError::Busy(_))) => done.busy += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

async fn live(store: &SqliteStore, worker: &str, claims: &mut Vec<u64>) -> Result<()> {
    let begun = Instant::now();
    let mut tx = store.begin().await?;
    let job = tx.first_claimable(&"u".parse()?, None).await?.ok_or("the queue is empty")?;
    let record = tx.job(&job).await?.ok_or("no such job")?;
    let AnyJob::Queued(queued) = AnyJob::try_from(record.row)? else { return Err("not queued".into()) };
    let (token, worker, policy) = ("t".parse()?, format!("w{worker}").parse()?, Policy::default());
    let claim = Claim { token, worker, plan: String::new(), policy };
    let step = queued.claim(claim, tx.now(), LEASE)?;
    let attempt = Attempt::begun(&step, "here".into(), None);
    tx.apply(Change::Job(step.into()), &stamp()).await?;
    tx.add_attempt(&attempt, &stamp()).await?;
    tx.commit().await?;
    claims.push(u64::try_from(begun.elapsed().as_micros())?);

    let mut tx = store.begin().await?;
    let record = tx.job(&job).await?.ok_or("no such job")?;
    let AnyJob::Claimed(claimed) = AnyJob::try_from(record.row)? else { return Err("not claimed".into()) };
    tx.apply(Change::Job(claimed.start(1, tx.now(), LEASE)?.into()), &stamp()).await?;
    tx.commit().await?;

    let mut tx = store.begin().await?;
    let record = tx.job(&job).await?.ok_or("no such job")?;
    let AnyJob::Running(running) = AnyJob::try_from(record.row)? else { return Err("not running".into()) };
    let failed = running.fail(1, Failure::Reported("it is only a benchmark".into()), tx.now())?;
    tx.apply(Change::Job(failed.into()), &stamp()).await?;
    Ok(tx.commit().await?)
}

fn stamp() -> Stamp {
    Stamp::of(Actor::System)
}

async fn fill(store: &SqliteStore) -> Result<()> {
    let mut tx = store.begin().await?;
    tx.add_user(&NewUser { id: "u".parse()?, username: "ann".into(), is_demo: false }).await?;
    let (id, user, hash) = ("t".parse()?, "u".parse()?, Secret::shown("t").hash());
    let kind = TokenKind::Implementation;
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
        sprint: sprint.id,
        started_by: "u".parse()?,
        strategy: PrStrategy::Sprint,
        branch: None,
        previous: None,
    };
    tx.add_run(&run, &stamp()).await?;
    for n in 0..JOBS {
        let job = NewJob {
            id: format!("job-{n:06}").parse()?,
            user: "u".parse()?,
            product: "p".parse()?,
            task: None,
            idea: None,
            run: Some("r".parse()?),
            kind: Kind::SprintImplementation,
            sequence: 0,
            branch: None,
            repo_url: None,
            ready: true,
        };
        tx.add_job(&job, &stamp()).await?;
    }
    Ok(tx.commit().await?)
}
