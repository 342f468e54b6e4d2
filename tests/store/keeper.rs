//! The keeper: one process at a time takes back what dead workers hold, whether or not anybody waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::Status;
use sprintgate::domain::time::Millis;
use sprintgate::flow::{Keeper, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{Store, StoreError, Term, Tx};
use sqlx::Executor;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::ctx::{Ctx, id};
use super::database::{BAD_JOB, ThatStore};
use super::raw::connect;
use crate::until::until;

const LEASE: i64 = 300_001;

/// The use cases over a database; a keeper sweeps every 200 ms.
pub(super) fn app(ctx: &Ctx, store: ThatStore) -> Sprintgate {
    over(ctx, Arc::new(store))
}

fn over(ctx: &Ctx, store: Arc<dyn Store>) -> Sprintgate {
    let git = Git::new(GitSettings {
        worktree_root: ctx.folder.path().join("worktrees"),
        vault_root: ctx.folder.path().join("vaults"),
        timeout: Duration::from_secs(10),
        credential_helper: None,
    });
    Sprintgate::new(store, git.unwrap(), Settings { lease: Millis(300), ..Settings::default() })
}

pub(super) async fn another(ctx: &Ctx) -> Sprintgate {
    app(ctx, ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await)
}

async fn term(ctx: &Ctx) -> Option<Term> {
    ctx.store.read().await.unwrap().term("keeper").await.unwrap()
}

async fn claimed(ctx: &Ctx, name: &str) -> JobId {
    let job = ctx.job(name).await;
    ctx.claim(&job).await;
    job
}

async fn waits(ctx: &Ctx, job: &JobId) -> bool {
    ctx.record(job).await.row.status == Status::Queued
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stale_jobs_are_taken_back_though_nobody_waits_and_the_next_keeper_goes_on() {
    let ctx = Ctx::new().await;
    let (one, two) = (another(&ctx).await, another(&ctx).await);
    let job = claimed(&ctx, "a").await;
    ctx.pass(LEASE);
    let first = Keeper::start(&one);
    until("taken back", async || waits(&ctx, &job).await).await;
    let held = term(&ctx).await.unwrap();

    // The other one stands for the office in vain.
    let second = Keeper::start(&two);
    let job = claimed(&ctx, "b").await;
    // As killed: it lays nothing down.
    drop(first);
    ctx.pass(LEASE);
    until("taken back by the next", async || waits(&ctx, &job).await).await;
    let next = term(&ctx).await.unwrap();
    assert_ne!(next.holder, held.holder);
    assert!(next.since > held.since);

    // Who is stopped leaves the office at once.
    second.stop().await;
    assert_eq!(term(&ctx).await, None);
    let third = Keeper::start(&one);
    until("a new keeper", async || term(&ctx).await.is_some()).await;
    assert_ne!(term(&ctx).await.unwrap().holder, next.holder);
    third.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_takes_back_all_there_are_and_one_that_cannot_be_keeps_no_other_waiting() {
    let ctx = Ctx::new().await;
    let bad = claimed(&ctx, "bad").await;
    ctx.pass(1);
    for n in 0..120 {
        claimed(&ctx, &format!("j{n:03}")).await;
    }
    ctx.pass(LEASE);
    let mut raw = connect(&ctx).await;
    raw.execute(BAD_JOB).await.unwrap();
    let app = another(&ctx).await;
    let swept = app.sweep().await.unwrap();
    assert_eq!((swept.requeued.len(), swept.failed.len()), (120, 0));
    assert!(!swept.requeued.contains(&"bad".to_owned()));
    assert_eq!(ctx.record(&bad).await.row.status, Status::Claimed);
    let mut tx = ctx.store.read().await.unwrap();
    assert_eq!(tx.stale(ctx.now(), 9).await.unwrap(), [id("bad")]);
    drop(tx);
    assert!(app.sweep().await.unwrap().requeued.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_sweeps_at_once_take_each_job_back_once() {
    let ctx = Ctx::new().await;
    for n in 0..40 {
        claimed(&ctx, &format!("j{n}")).await;
    }
    ctx.pass(LEASE);
    let mut sweeps = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let app = another(&ctx).await;
        for _ in 0..2 {
            let app = app.clone();
            sweeps.spawn(async move { app.sweep().await.unwrap().requeued });
        }
    }
    let mut back: Vec<String> = sweeps.join_all().await.into_iter().flatten().collect();
    back.sort();
    let before = back.len();
    back.dedup();
    assert_eq!((before, back.len()), (40, 40));
    let mut tx = ctx.store.read().await.unwrap();
    for n in 0..40 {
        let history = tx.history("job", &format!("j{n}"), 9).await.unwrap();
        let events: Vec<&str> = history.iter().map(|row| row.event.as_str()).collect();
        assert_eq!(events, ["create", "claim", "expire"]);
    }
}

/// Stops its keeper in the middle of a look at what is to be done: as soon as it begins anything in office.
struct Stopping {
    store: ThatStore,
    in_office: AtomicBool,
    gone: CancellationToken,
}

#[async_trait]
impl Store for Stopping {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        // The first thing that a keeper writes is its term.
        if self.in_office.swap(true, Ordering::SeqCst) {
            self.gone.cancel();
        }
        self.store.begin().await
    }
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        if self.in_office.load(Ordering::SeqCst) {
            self.gone.cancel();
        }
        self.store.read().await
    }
    fn changes(&self) -> watch::Receiver<u64> {
        self.store.changes()
    }
    async fn schema_version(&self) -> Result<i64, StoreError> {
        self.store.schema_version().await
    }
}

#[tokio::test]
async fn who_is_stopped_while_it_looks_at_what_is_to_be_done_leaves_the_office() {
    let ctx = Ctx::new().await;
    let store = ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await;
    let gone = CancellationToken::new();
    let store = Arc::new(Stopping { store, in_office: AtomicBool::new(false), gone: gone.clone() });
    over(&ctx, store.clone()).keep(&gone).await;
    assert!(store.in_office.load(Ordering::SeqCst) && gone.is_cancelled());
    assert_eq!(term(&ctx).await, None);
}
