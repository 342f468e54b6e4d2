//! Who waits for jobs: a thousand cost what one costs, a job wakes one of them, and they are served in their order.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sprintgate::domain::effect::{Effect, Kind, Pending};
use sprintgate::domain::job::LEASE;
use sprintgate::flow::wire::{JobAnswer, WaitForJob};
use sprintgate::flow::{AddProduct, FlowError};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{NewEffect, Store, StoreError, Tx};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::ctx::{Ctx, NOON, id, stamp};
use super::database::{Database, ONE_WRITER, READERS, ThatStore, connections};
use crate::flow::world::{World, plan};
use crate::until::until;

const PATIENCE: Duration = Duration::from_secs(60);

/// Counts how many transactions are begun.
struct Counted {
    store: ThatStore,
    reads: AtomicUsize,
    writes: AtomicUsize,
}

impl Counted {
    fn now(&self) -> (usize, usize) {
        (self.reads.load(Ordering::SeqCst), self.writes.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Store for Counted {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.writes.fetch_add(1, Ordering::SeqCst);
        self.store.begin().await
    }
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.store.read().await
    }
    fn changes(&self) -> watch::Receiver<u64> {
        self.store.changes()
    }
    fn openings(&self) -> watch::Receiver<u64> {
        self.store.openings()
    }
    async fn schema_version(&self) -> Result<i64, StoreError> {
        self.store.schema_version().await
    }
}

struct Crowd {
    database: Database,
    counted: Arc<Counted>,
    world: World,
}

impl Crowd {
    async fn new() -> Self {
        let database = Database::new().await;
        let clock = Arc::new(AtomicI64::new(NOON));
        let store = database.open(Clock::Manual(Arc::clone(&clock))).await;
        let counted = Arc::new(Counted { store, reads: AtomicUsize::new(0), writes: AtomicUsize::new(0) });
        let dir = tempfile::tempdir().unwrap();
        let world = World::over(counted.clone(), dir, clock, AddProduct::default()).await;
        Self { database, counted, world }
    }

    fn wait(&self, name: &str, gone: &CancellationToken) -> JoinHandle<Result<JobAnswer, FlowError>> {
        let (app, session, gone) = (self.world.app.clone(), self.world.another_worker(name), gone.clone());
        let ask = WaitForJob { wait_seconds: Some(600), ..WaitForJob::default() };
        tokio::spawn(async move { app.wait_for_job(&session, ask, &gone).await })
    }

    /// Lets somebody wait, and returns when they stand in line: after their own look, and another one when they are first.
    async fn joins(
        &self,
        name: &str,
        gone: &CancellationToken,
        first: bool,
    ) -> JoinHandle<Result<JobAnswer, FlowError>> {
        let before = self.counted.now().0;
        let waits = self.wait(name, gone);
        let looks = if first { 2 } else { 1 };
        until("it looks", async || self.counted.now().0 >= before + looks).await;
        self.all_have_looked().await;
        waits
    }

    /// Returns when nobody reads: who has all the connections for it knows.
    async fn all_have_looked(&self) {
        let mut all = Vec::new();
        for _ in 0..READERS {
            all.push(self.counted.store.read().await.unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_who_wait_cost_one_connection_and_a_job_wakes_one_of_them() {
    const WAIT: usize = 1000;
    const JOBS: usize = 5;
    let crowd = Crowd::new().await;
    let gone = CancellationToken::new();
    let before = crowd.counted.now();
    let mut waits = JoinSet::new();
    for n in 0..WAIT {
        let wait = crowd.wait(&format!("w{n}"), &gone);
        waits.spawn(async move { wait.await.unwrap() });
    }
    until("all have come, and one is first", async || crowd.counted.now().0 > before.0 + WAIT).await;
    crowd.all_have_looked().await;
    assert_eq!(crowd.counted.now().1, before.1, "who finds nothing writes nothing");
    if let Some((all, listening)) = connections(&crowd.database).await {
        assert_eq!(listening, 1);
        assert!(all <= 12, "{all} connections");
    }

    // One who waits is small.
    let (session, ask) = (crowd.world.another_worker("x"), WaitForJob::default());
    let wait = crowd.world.app.wait_for_job(&session, ask, &gone);
    assert!(size_of_val(&wait) < 2048, "{} bytes", size_of_val(&wait));
    drop(wait);

    let task: &[(&str, &str, &str)] = &[("one", "- `src/a.rs`", "ANY")];
    let made = crowd.world.import(&plan("item", &[task; JOBS])).await;
    let before = crowd.counted.now();
    crowd.world.start(&[&made.pbi.code]).await.unwrap();
    for _ in 0..JOBS {
        let answer = timeout(PATIENCE, waits.join_next()).await.unwrap().unwrap().unwrap().unwrap();
        assert_eq!(answer.status, "claimed");
    }
    let (reads, writes) = crowd.counted.now();
    // The sprint's start; then a claim and the worktree's notes for each job. Looks come by the clock, too.
    let (reads, writes) = (reads - before.0, writes - before.1);
    assert!(writes <= 1 + 4 * JOBS, "{writes} transactions that write for {JOBS} jobs");
    assert!(reads <= 100, "{reads} that read for {JOBS} jobs");

    gone.cancel();
    let rest = timeout(PATIENCE, waits.join_all()).await.unwrap();
    assert_eq!(rest.len(), WAIT - JOBS);
    assert!(rest.iter().all(|answer| matches!(answer, Err(FlowError::Gone))));
    let report = crowd.world.app.audit_verify().await.unwrap();
    assert!(report.ok, "{:#?}", report.findings);
}

/// On one thread: who has looked in vain stands in line before anybody else does anything.
#[tokio::test]
async fn who_waits_is_served_in_order_and_who_leaves_holds_nobody_up() {
    let crowd = Crowd::new().await;
    let (stays, leaves) = (CancellationToken::new(), CancellationToken::new());
    let first = crowd.joins("first", &leaves, true).await;
    let second = crowd.joins("second", &stays, false).await;
    let third = crowd.joins("third", &stays, false).await;
    let before = crowd.counted.now().0;
    leaves.cancel();
    assert!(matches!(timeout(PATIENCE, first).await.unwrap().unwrap(), Err(FlowError::Gone)));
    until("the second is first now", async || crowd.counted.now().0 > before).await;

    for waits in [second, third] {
        crowd.world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
        let answer = timeout(PATIENCE, waits).await.unwrap().unwrap().unwrap();
        assert_eq!(answer.status, "claimed");
    }
}

#[tokio::test]
async fn signs_of_life_and_claims_are_no_openings() {
    let ctx = Ctx::new().await;
    let other = ctx.database.open(Clock::Database).await;
    let job = ctx.job("j").await;
    // Where processes share a file, its time moves with every commit, of whatever.
    let (mut changes, mut openings) = (ctx.store.changes(), ctx.store.openings());
    let mut moved = || {
        let moved = (changes.has_changed().unwrap(), openings.has_changed().unwrap());
        changes.mark_unchanged();
        openings.mark_unchanged();
        moved
    };
    ctx.claim(&job).await;
    if !ONE_WRITER {
        assert_eq!(moved(), (true, false), "a claim");
        let mut tx = ctx.store.begin().await.unwrap();
        assert!(tx.renew(&job, 1, LEASE).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(moved(), (false, false), "a sign of life");
    }
    moved();
    let mut there = other.openings();
    ctx.release(&job).await;
    assert_eq!(moved(), (true, true), "a job that waits again");
    timeout(PATIENCE, there.changed()).await.expect("another process hears of it").unwrap();
}

/// Who tries effects does not look after every commit of everybody.
#[tokio::test]
async fn who_tries_effects_is_woken_by_effects() {
    let ctx = Ctx::new().await;
    let other = ctx.database.open(Clock::Database).await;
    let (mut here, mut there) = (ctx.store.effects(), other.effects());
    let job = ctx.job("j").await;
    ctx.claim(&job).await;
    // Where processes share a file, its time moves with every commit, of whatever.
    if !ONE_WRITER {
        assert!(!here.has_changed().unwrap(), "no effect was written");
        // What is told later comes later.
        let mut openings = other.openings();
        ctx.release(&job).await;
        timeout(PATIENCE, openings.changed()).await.expect("it is told").unwrap();
        assert!(!there.has_changed().unwrap(), "no effect was written");
    }
    here.mark_unchanged();
    there.mark_unchanged();
    let state = Pending { due_at: ctx.now() };
    let effect = Effect { id: id("e"), kind: Kind::OpenPr, tries: 0, tries_max: 3, state };
    let payload = serde_json::json!({});
    let new = NewEffect { effect, product: id("p"), job: None, payload, host: None, lane: None, key: None };
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_effect(&new, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(here.has_changed().unwrap());
    timeout(PATIENCE, there.changed()).await.expect("another process hears of it").unwrap();
}
