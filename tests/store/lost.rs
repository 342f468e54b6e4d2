//! A connection that is lost while somebody waits for a job: what was asked is asked again, wherever that was.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use sprintgate::flow::AddProduct;
use sprintgate::flow::wire::WaitForJob;
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{Store, StoreError, Tx};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::ctx::NOON;
use super::database::{Database, ThatStore};
use crate::flow::world::World;

/// Loses one connection, after so many transactions.
struct Lossy {
    store: ThatStore,
    left: AtomicI64,
}

impl Lossy {
    fn lose(&self) -> Result<(), StoreError> {
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            0 => Err(StoreError::Away("it hung up".into())),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Store for Lossy {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.lose()?;
        self.store.begin().await
    }
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.lose()?;
        self.store.read().await
    }
    fn changes(&self) -> watch::Receiver<u64> {
        self.store.changes()
    }
    async fn schema_version(&self) -> Result<i64, StoreError> {
        self.store.schema_version().await
    }
}

/// How many transactions it takes to hand out a job that a dead worker held, when one of them is lost.
async fn handed_out(lost: i64) -> i64 {
    let clock = Arc::new(AtomicI64::new(NOON));
    let database = Database::new().await;
    let store = database.open(Clock::Manual(Arc::clone(&clock))).await;
    let lossy = Arc::new(Lossy { store, left: AtomicI64::new(-1) });
    let world = World::over(lossy.clone(), tempfile::tempdir().unwrap(), clock, AddProduct::default()).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.claim(&world.worker).await;
    world.pass(3600);
    let (next, gone) = (world.another_worker("next"), CancellationToken::new());
    let ask = WaitForJob { wait_seconds: Some(0), ..WaitForJob::default() };
    lossy.left.store(lost, Ordering::SeqCst);
    let answer = world.app.wait_for_job(&next, ask, &gone).await;
    let answer = answer.unwrap_or_else(|error| panic!("transaction {lost} was lost: {error}"));
    assert_eq!((answer.status.as_str(), answer.attempt), ("claimed", Some(2)), "transaction {lost} was lost");
    lost - lossy.left.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_wait_does_not_hear_of_it() {
    let all = handed_out(1000).await;
    assert!(all > 5, "{all}");
    for lost in 0..all {
        handed_out(lost).await;
    }
}
