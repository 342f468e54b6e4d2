//! Transactions: whole or not at all, one snapshot, one time, one holder a product, and a commit that wakes.

use std::sync::Arc;
use std::time::Duration;

use sprintgate::domain::task::{self as tasks, Status};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{Change, Of, Store};

use super::ctx::{Ctx, id, stamp, task};

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("a"), &stamp()).await.unwrap();
    drop(tx);
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.tasks_of(&id("st")).await.unwrap().is_empty());
    assert!(tx.history("task", "a", 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_reading_transaction_cannot_write_and_sees_one_snapshot() {
    let ctx = Ctx::new().await;
    let mut reading = ctx.store.read().await.unwrap();
    assert!(reading.tasks_of(&id("st")).await.unwrap().is_empty());
    ctx.job("j").await;
    assert!(reading.tasks_of(&id("st")).await.unwrap().is_empty());
    assert!(reading.add_task(&task("b"), &stamp()).await.is_err());
    drop(reading);
    assert_eq!(ctx.store.read().await.unwrap().tasks_of(&id("st")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_database_clock_is_the_time_of_day() {
    let ctx = Ctx::new().await;
    let store = ctx.database.open(Clock::Database).await;
    let now = store.begin().await.unwrap().now().0;
    let here = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    assert!((i64::try_from(here).unwrap() - now).abs() < 10_000, "{now} {here}");
}

#[tokio::test]
async fn commits_wake_those_who_wait_here_and_elsewhere() {
    let ctx = Ctx::new().await;
    let other = ctx.database.open(Clock::Database).await;
    let (mut here, mut there) = (ctx.store.changes(), other.changes());
    let patience = Duration::from_secs(10);
    // The first look of the other must lie before the commit; it may also see the opening.
    while tokio::time::timeout(Duration::from_millis(600), there.changed()).await.is_ok() {}
    here.mark_unchanged();
    ctx.job("j").await;
    assert!(here.has_changed().unwrap(), "a commit is announced at once in its own process");
    tokio::time::timeout(patience, there.changed()).await.expect("the other store notices").unwrap();
    drop(other);
    tokio::time::timeout(patience, async { while there.changed().await.is_ok() {} })
        .await
        .expect("who watches for it ends with its store");
}

/// Ends a task; whether its story has no other left then.
async fn ends_last(ctx: Arc<Ctx>, name: String) -> bool {
    let mut tx = ctx.store.begin().await.unwrap();
    tx.hold(Of::Task(&id(&name)), None).await.unwrap();
    let row = tasks::Row { id: id(&name), status: Status::ToDo };
    let change = tasks::set(row, Status::Done).unwrap().unwrap();
    tx.apply(Change::Task(change), &stamp()).await.unwrap();
    let left = tx.task_statuses(&id("st")).await.unwrap();
    tx.commit().await.unwrap();
    left.iter().all(|status| *status == Status::Done)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_end_the_last_tasks_together_exactly_one_sees_it() {
    let ctx = Arc::new(Ctx::new().await);
    for round in 0..10 {
        let names: Vec<String> = (0..4).map(|n| format!("k{round}-{n}")).collect();
        let mut tx = ctx.store.begin().await.unwrap();
        for name in &names {
            tx.add_task(&task(name), &stamp()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let ends = names.into_iter().map(|name| ends_last(Arc::clone(&ctx), name));
        let seen = ends.collect::<tokio::task::JoinSet<_>>().join_all().await;
        assert_eq!(seen.iter().filter(|last| **last).count(), 1, "round {round}: {seen:?}");
    }
}
