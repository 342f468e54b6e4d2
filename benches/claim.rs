//! Whether a claim costs the same however long the queue is. Three databases take turns, claim by claim, so that
//! only the ratios count: `cargo bench --bench claim`.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

use sprintgate::domain::actor::Actor;
use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::gate::Policy;
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::{AnyJob, Claim, Kind, LEASE};
use sprintgate::domain::run::PrStrategy;
use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::*;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 600;
const WARM_UP: usize = 50;

/// How many jobs lie in a queue: claimable, behind others, given back and waiting.
#[derive(Clone, Copy)]
struct Queue {
    name: &'static str,
    claimable: usize,
    behind: usize,
    waiting: usize,
}

const QUEUES: [Queue; 3] = [
    Queue { name: "1,000 queued", claimable: 1_000, behind: 0, waiting: 0 },
    Queue { name: "100,000 queued", claimable: 100_000, behind: 0, waiting: 0 },
    Queue { name: "1,000 queued behind 100,000 older", claimable: 1_000, behind: 80_000, waiting: 20_000 },
];

/// One database and what was measured on it.
struct Bench {
    queue: Queue,
    store: SqliteStore,
    _folder: tempfile::TempDir,
    looks: Vec<Duration>,
    claims: Vec<Duration>,
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "the figures are what this program is for")]
async fn main() -> Result<()> {
    let mut benches = Vec::new();
    for queue in QUEUES {
        let begun = Instant::now();
        benches.push(Bench::fill(queue).await?);
        println!("filled: {} in {:.1?}", queue.name, begun.elapsed());
    }
    for round in 0..ROUNDS + WARM_UP {
        for bench in &mut benches {
            bench.round(round >= WARM_UP).await?;
        }
    }
    println!("{:<36}{:>12}{:>12}{:>12}{:>12}", "", "look p50", "look p99", "claim p50", "claim p99");
    let mut floor = None;
    for bench in &mut benches {
        let now = [
            quantile(&mut bench.looks, 50),
            quantile(&mut bench.looks, 99),
            quantile(&mut bench.claims, 50),
            quantile(&mut bench.claims, 99),
        ];
        let floor = *floor.get_or_insert(now);
        let line = |cells: [String; 4]| cells.map(|cell| format!("{cell:>12}")).concat();
        println!("{:<36}{}", bench.queue.name, line(now.map(|t| format!("{:.3} ms", t * 1000.0))));
        let ratio = |n: usize| now.get(n).zip(floor.get(n)).map_or(0.0, |(now, floor)| now / floor);
        println!("{:<36}{}", "  ratio to the first", line([0, 1, 2, 3].map(|n| format!("{:.2}", ratio(n)))));
    }
    Ok(())
}

fn quantile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    times.get(times.len() * percent / 100).map_or(0.0, Duration::as_secs_f64)
}

fn stamp() -> Stamp {
    Stamp::of(Actor::System)
}

impl Bench {
    async fn fill(queue: Queue) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = Arc::new(AtomicI64::new(1_800_000_000_000));
        let path = folder.path().join("bench.db");
        let store = SqliteStore::open(&path, Clock::Manual(Arc::clone(&clock))).await?;
        people(&store).await?;
        let mut tx = store.begin().await?;
        for n in 0..queue.behind {
            tx.add_job(&job(&format!("behind-{n:06}"), false)?, &stamp()).await?;
        }
        for n in 0..queue.waiting {
            let new = job(&format!("waiting-{n:06}"), true)?;
            tx.add_job(&new, &stamp()).await?;
            take(tx.as_mut(), &new.id).await?;
            give_back(tx.as_mut(), &new.id).await?;
        }
        tx.commit().await?;
        clock.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let mut tx = store.begin().await?;
        for n in 0..queue.claimable {
            tx.add_job(&job(&format!("job-{n:06}"), true)?, &stamp()).await?;
        }
        tx.commit().await?;
        Ok(Self { queue, store, _folder: folder, looks: Vec::new(), claims: Vec::new() })
    }

    /// Looks who is next, and claims it.
    async fn round(&mut self, counts: bool) -> Result<()> {
        let user = "u".parse()?;
        let begun = Instant::now();
        let mut tx = self.store.read().await?;
        tx.first_claimable(&user, None).await?;
        drop(tx);
        let looked = begun.elapsed();

        let begun = Instant::now();
        let mut tx = self.store.begin().await?;
        let job = tx.first_claimable(&user, None).await?.ok_or("the queue is empty")?;
        take(tx.as_mut(), &job).await?;
        tx.commit().await?;
        if counts {
            self.looks.push(looked);
            self.claims.push(begun.elapsed());
        }
        Ok(())
    }
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

fn job(id: &str, ready: bool) -> Result<NewJob> {
    Ok(NewJob {
        id: id.parse()?,
        user: "u".parse()?,
        product: "p".parse()?,
        task: None,
        idea: None,
        run: Some("r".parse()?),
        kind: Kind::SprintImplementation,
        sequence: 0,
        branch: None,
        repo_url: None,
        ready,
    })
}

async fn take(tx: &mut dyn Tx, id: &JobId) -> Result<()> {
    let record = tx.job(id).await?.ok_or("no such job")?;
    let AnyJob::Queued(queued) = AnyJob::try_from(record.row)? else { return Err("not queued".into()) };
    let policy = Policy::default();
    let claim = Claim { token: "t".parse()?, worker: "w".parse()?, plan: String::new(), policy };
    let step = queued.claim(claim, tx.now(), LEASE)?;
    let attempt = Attempt::begun(&step, "here".into(), None);
    tx.apply(Change::Job(step.into()), &stamp()).await?;
    Ok(tx.add_attempt(&attempt, &stamp()).await?)
}

async fn give_back(tx: &mut dyn Tx, id: &JobId) -> Result<()> {
    let record = tx.job(id).await?.ok_or("no such job")?;
    let AnyJob::Claimed(claimed) = AnyJob::try_from(record.row)? else { return Err("not claimed".into()) };
    let now = tx.now();
    let requeued = claimed.release(1, "no repository", now)?;
    Ok(tx.apply(Change::Job(requeued.into()), &stamp()).await?)
}
