//! Ten thousand effects and a hundred thousand events that wait, handled to the last: the rate from the first to the last
//! tenth, and what the process grows by. On SQLite, a file with full durability; on the PostgreSQL of
//! `SPRINTGATE_BENCH_DATABASE_URL`, an empty database, instead when that is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sprintgate::domain::actor::Actor;
use sprintgate::domain::effect::{Effect, Kind, Pending, TRIES_MAX};
use sprintgate::domain::run::PrStrategy;
use sprintgate::domain::time::Millis;
use sprintgate::flow::{EffectRecord, Handler, Handlers, Outcome, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::postgres::PostgresStore;
use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::*;
use tokio_util::sync::CancellationToken;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const EFFECTS: usize = 10_000;
/// Effects that nobody here can do, all due before the others.
const STRANGE: usize = 5_000;
const EVENTS: usize = 100_000;
const URL: &str = "SPRINTGATE_BENCH_DATABASE_URL";

struct Quick(Arc<AtomicUsize>);

#[async_trait]
impl Handler for Quick {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    async fn perform(&self, _: &EffectRecord) -> Outcome {
        self.0.fetch_add(1, Ordering::Relaxed);
        Outcome::Done(serde_json::json!({}))
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
#[allow(clippy::print_stdout, reason = "the figures are what this program is for")]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store: Arc<dyn Store> = match std::env::var(URL) {
        Ok(url) => Arc::new(PostgresStore::open(&url, Clock::Database).await?),
        Err(_) => Arc::new(SqliteStore::open(&folder.path().join("bench.db"), Clock::Database).await?),
    };
    fill(store.as_ref()).await?;
    let git = Git::new(GitSettings {
        worktree_root: folder.path().join("worktrees"),
        vault_root: folder.path().join("vaults"),
        timeout: Duration::from_secs(120),
        credential_helper: None,
    })?;
    let app = Sprintgate::new(store.clone(), git, Settings::default());

    let before = resident()?;
    let performed = Arc::new(AtomicUsize::new(0));
    let handlers = Handlers::new("bench".parse()?).with(Quick(Arc::clone(&performed)));
    let gone = CancellationToken::new();
    let tenth = EFFECTS / 10;
    let mut rates = Vec::new();
    for _ in 0..10 {
        let begun = Instant::now();
        let pass = app.run_effects(&handlers, u32::try_from(tenth)?, &gone).await?;
        assert_eq!(pass.done as usize, tenth, "{pass:?}");
        rates.push(tenth as f64 / begun.elapsed().as_secs_f64());
    }
    assert_eq!(app.run_effects(&handlers, u32::MAX, &gone).await?.tries(), 0);
    assert_eq!(performed.load(Ordering::Relaxed), EFFECTS);
    println!("{EFFECTS} effects, {STRANGE} that nobody can do in front: {}", shown(&rates, "a second"));
    println!("resident memory {} MB before and {} MB after", before / 1000, resident()? / 1000);

    let mut reader = app.consume_events("bench", false).await?;
    let (before, mut rates, mut handled, mut marked) = (resident()?, Vec::new(), 0, 0);
    let mut begun = Instant::now();
    loop {
        let page = reader.page().await?;
        if page.is_empty() {
            break;
        }
        handled += page.len();
        reader.handled().await?;
        if handled - marked >= EVENTS / 10 {
            rates.push((handled - marked) as f64 / begun.elapsed().as_secs_f64());
            (begun, marked) = (Instant::now(), handled);
        }
    }
    println!("{handled} events read: {}", shown(&rates, "a second"));
    println!("resident memory {} MB before and {} MB after", before / 1000, resident()? / 1000);
    tokio::time::sleep(Duration::from_millis(5)).await;
    let begun = Instant::now();
    let pruned = app.prune_events(Millis(0)).await?.pruned;
    println!("{pruned} events deleted: {:.0} a second", pruned as f64 / begun.elapsed().as_secs_f64());
    Ok(())
}

fn shown(rates: &[f64], unit: &str) -> String {
    let at = |index: usize| rates.get(index).copied().unwrap_or_default();
    let list = rates.iter().map(|rate| format!("{rate:.0}")).collect::<Vec<_>>().join(" ");
    let last = at(rates.len().saturating_sub(1));
    format!("{list} {unit}; last tenth to first {:.2}", last / at(0))
}

/// Resident memory of this process, in kilobytes.
fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse()?)
}

fn stamp() -> Stamp {
    Stamp::of(Actor::System)
}

/// A product with the effects, and backlog items until there are so many events in all.
async fn fill(store: &dyn Store) -> Result<()> {
    let mut tx = store.begin().await?;
    tx.add_user(&NewUser { id: "u".parse()?, username: "ann".into(), is_demo: false }).await?;
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
    tx.commit().await?;
    // Each effect is told three times, the strange ones once.
    let items = EVENTS.saturating_sub(3 * EFFECTS + STRANGE);
    for first in (0..items).step_by(1000) {
        let mut tx = store.begin().await?;
        for number in first..(first + 1000).min(items) {
            let item = NewPbi {
                id: format!("b{number}").parse()?,
                product: "p".parse()?,
                code: format!("PBI-{number}"),
                title: "an item".into(),
                description: None,
                priority: 2,
                sort_order: Some(1.0),
            };
            tx.add_pbi(&item, &stamp()).await?;
        }
        tx.commit().await?;
    }
    for (name, kind, all) in [("a", Kind::ClosePr, STRANGE), ("e", Kind::OpenPr, EFFECTS)] {
        for first in (0..all).step_by(1000) {
            let mut tx = store.begin().await?;
            for number in first..(first + 1000).min(all) {
                let state = Pending { due_at: tx.now() };
                let id = format!("{name}{number}").parse()?;
                let new = NewEffect {
                    effect: Effect { id, kind, tries: 0, tries_max: TRIES_MAX, state },
                    product: "p".parse()?,
                    job: None,
                    payload: serde_json::json!({ "number": number }),
                    host: None,
                    lane: None,
                    key: None,
                };
                tx.add_effect(&new, &stamp()).await?;
            }
            tx.commit().await?;
        }
    }
    Ok(())
}
