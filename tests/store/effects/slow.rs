//! What takes long: it holds up nothing that comes later, and ends when its process is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sprintgate::domain::effect::{Kind, Status};
use sprintgate::flow::{Handlers, Keeper};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{Store, StoreError, Tx};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::super::ctx::Ctx;
use super::super::database::ThatStore;
use super::{App, Log, Obedient, Slow, done, effect, opening, process};
use crate::until::until;

/// Wakes whoever looks for effects when it is told to, and counts what is read.
struct Told {
    store: ThatStore,
    reads: AtomicUsize,
    wake: watch::Sender<u64>,
}

#[async_trait]
impl Store for Told {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.store.begin().await
    }
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.store.read().await
    }
    fn changes(&self) -> watch::Receiver<u64> {
        self.wake.subscribe()
    }
    async fn schema_version(&self) -> Result<i64, StoreError> {
        self.store.schema_version().await
    }
}

/// Cannot be read the first time.
struct Stumbles {
    store: ThatStore,
    stumbled: AtomicBool,
}

#[async_trait]
impl Store for Stumbles {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.store.begin().await
    }
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        match self.stumbled.swap(true, Ordering::SeqCst) {
            false => Err(StoreError::Inconsistent { what: "a row that is gone by now".into() }),
            true => self.store.read().await,
        }
    }
    fn changes(&self) -> watch::Receiver<u64> {
        self.store.changes()
    }
    async fn schema_version(&self) -> Result<i64, StoreError> {
        self.store.schema_version().await
    }
}

fn handlers(slow: &Slow) -> Handlers {
    let quick = Obedient { kind: Kind::ClosePr, log: Log::default(), answer: done };
    Handlers::new(process("w")).with(slow.clone()).with(quick)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_later_is_done_meanwhile_as_long_as_there_is_room() {
    let ctx = Ctx::new().await;
    let (app, slow, gone) = (App::new(&ctx).await, Slow::default(), CancellationToken::new());
    ctx.add_effects([effect(&ctx, "slow", Kind::OpenPr)]).await;
    let (handlers, stop) = (handlers(&slow).at_once(2), gone.clone());
    let runs = tokio::spawn(async move { app.app.keep_running_effects(&handlers, &stop).await });
    slow.begun.notified().await;
    for name in ["a", "b"] {
        ctx.add_effects([effect(&ctx, name, Kind::ClosePr)]).await;
        until("done beside the slow one", async || ctx.status(name).await == Status::Done).await;
    }
    assert_eq!(ctx.status("slow").await, Status::Running);
    slow.answer.notify_one();
    gone.cancel();
    assert_eq!(runs.await.unwrap().done, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_try_that_is_under_way_ends_when_its_process_is_stopped() {
    let ctx = Ctx::new().await;
    let (app, slow) = (App::new(&ctx).await, Slow::default());
    ctx.add_effects([effect(&ctx, "slow", Kind::OpenPr)]).await;
    let keeper = Keeper::with(&app.app, handlers(&slow));
    slow.begun.notified().await;
    until("in office", async || ctx.store.read().await.unwrap().term("keeper").await.unwrap().is_some())
        .await;
    let stops = tokio::spawn(keeper.stop());
    until("it leaves", async || ctx.store.read().await.unwrap().term("keeper").await.unwrap().is_none())
        .await;
    slow.answer.notify_one();
    stops.await.unwrap();
    assert_eq!(ctx.status("slow").await, Status::Done);
}

/// On SQLite whatever anybody commits wakes who looks for effects, a hundred times a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_woken_again_and_again_looks_seldom() {
    const WAKES: usize = 300;
    let ctx = Ctx::new().await;
    let store = ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await;
    let told = Arc::new(Told { store, reads: AtomicUsize::new(0), wake: watch::Sender::new(0) });
    let (app, slow, gone) = (App::over(told.clone(), "here"), Slow::default(), CancellationToken::new());
    ctx.add_effects([effect(&ctx, "slow", Kind::OpenPr)]).await;
    let (handlers, stop) = (handlers(&slow), gone.clone());
    let runs = tokio::spawn(async move { app.app.keep_running_effects(&handlers, &stop).await });
    slow.begun.notified().await;
    let (before, begun) = (told.reads.load(Ordering::SeqCst), Instant::now());
    for _ in 0..WAKES {
        told.wake.send_modify(|times| *times += 1);
        assert_eq!(ctx.status("slow").await, Status::Running);
    }
    let reads = told.reads.load(Ordering::SeqCst) - before;
    // A look is one read; every few seconds two more look for what is to be taken back and given up.
    let seconds = usize::try_from(begun.elapsed().as_secs()).unwrap() + 1;
    assert!(reads <= 5 * seconds + 2 * seconds, "{WAKES} wakes within {seconds} s cost {reads} reads");
    assert!(reads < WAKES);
    // What was written meanwhile is seen.
    ctx.add_effects([effect(&ctx, "quick", Kind::ClosePr)]).await;
    told.wake.send_modify(|times| *times += 1);
    until("done beside the slow one", async || ctx.status("quick").await == Status::Done).await;
    slow.answer.notify_one();
    gone.cancel();
    assert_eq!(runs.await.unwrap().done, 2);
}

/// A pass looks several times for what dead processes hold, as long as it has something to do.
#[tokio::test]
async fn what_could_not_be_cleared_at_first_is_no_error_once_it_could() {
    let ctx = Ctx::new().await;
    let stumbles = async || {
        let store = ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await;
        App::over(Arc::new(Stumbles { store, stumbled: AtomicBool::new(false) }), "here")
    };
    let log = Log::default();
    let handlers = opening("w", &log, done);
    ctx.add_effects([effect(&ctx, "a", Kind::OpenPr), effect(&ctx, "b", Kind::OpenPr)]).await;
    let seldom = handlers.clone().at_once(1).looks_every(Duration::from_secs(3600));
    let error = stumbles().await.app.run_effects(&seldom, 1, &CancellationToken::new()).await.unwrap_err();
    assert!(error.to_string().contains("gone by now"), "{error}");
    assert_eq!(log.names(), ["a"], "tried nevertheless");
    let performed = stumbles().await.run(&handlers.looks_every(Duration::ZERO)).await;
    assert_eq!((performed.done, performed.tries()), (1, 1));
    assert_eq!(log.names(), ["a", "b"]);
}
