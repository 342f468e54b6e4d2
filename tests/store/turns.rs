//! Turns to write: stores of one file, each with its own open files as a process has them.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sprintgate::domain::time::Millis;
use sprintgate::store::Store;
use sprintgate::store::sqlite::{Clock, SqliteStore};
use tokio::time::timeout;

use super::ctx::Ctx;

const PATIENCE: Duration = Duration::from_secs(30);

async fn another(ctx: &Ctx) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(&ctx.path(), Clock::Database).await.unwrap())
}

async fn write(store: &SqliteStore) {
    let mut tx = store.begin().await.unwrap();
    tx.take_office("test", "somebody", Millis::minutes(1)).await.unwrap();
    tx.commit().await.unwrap();
}

fn beside(ctx: &Ctx, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", ctx.path().display()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_who_write_without_a_pause_share_alike() {
    const TOGETHER: usize = 400;
    let ctx = Ctx::new().await;
    let done = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let barrier = Arc::new(tokio::sync::Barrier::new(4));
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (store, done, barrier) = (another(&ctx).await, Arc::clone(&done), Arc::clone(&barrier));
        writers.spawn(async move {
            barrier.wait().await;
            let mut mine = 0;
            while done.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < TOGETHER {
                write(&store).await;
                mine += 1;
            }
            mine
        });
    }
    let shares = timeout(PATIENCE, writers.join_all()).await.unwrap();
    assert_eq!(shares.iter().sum::<usize>(), TOGETHER);
    assert!(shares.iter().all(|share| *share >= TOGETHER / 8), "{shares:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gives_up_waiting_gives_its_turn_away() {
    let ctx = Ctx::new().await;
    let (one, two, three) = (another(&ctx).await, another(&ctx).await, another(&ctx).await);
    let held = one.begin().await.unwrap();
    let mut waits = Box::pin(two.begin());
    // It waits next when nobody else can.
    let next = File::options().read(true).open(beside(&ctx, ".next")).unwrap();
    timeout(PATIENCE, async {
        loop {
            let polled = timeout(Duration::from_millis(5), &mut waits).await;
            assert!(polled.is_err(), "one still writes");
            match next.try_lock() {
                Ok(()) => next.unlock().unwrap(),
                Err(_) => break,
            }
        }
    })
    .await
    .unwrap();
    drop(waits);
    drop(held);
    let begun = Instant::now();
    timeout(PATIENCE, write(&three)).await.unwrap();
    timeout(PATIENCE, write(&two)).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "nobody waited in vain: {:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_holds_nobody_up() {
    let ctx = Ctx::new().await;
    let store = another(&ctx).await;
    let script = "exec 8<\"$1\" 9<\"$2\"; flock 8; flock 9; echo; exec sleep 1000";
    let mut holder = Command::new("bash")
        .args(["-c", script, "bash"])
        .args([beside(&ctx, ".turn"), beside(&ctx, ".next")])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = holder.stdout.take().unwrap();
    std::io::Read::read_exact(&mut told, &mut [0]).unwrap();
    let writes = tokio::spawn({
        let store = Arc::clone(&store);
        async move {
            let begun = Instant::now();
            write(&store).await;
            begun.elapsed()
        }
    });
    tokio::task::yield_now().await;
    assert!(!writes.is_finished());
    holder.kill().unwrap();
    holder.wait().unwrap();
    let waited = timeout(PATIENCE, writes).await.unwrap().unwrap();
    assert!(waited < Duration::from_secs(2), "{waited:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_stopped_process_one_writes_without_a_turn() {
    let ctx = Ctx::new().await;
    let turn = File::options().read(true).open(beside(&ctx, ".turn")).unwrap();
    turn.lock().unwrap();
    timeout(PATIENCE, write(&*another(&ctx).await)).await.expect("the database itself is free");
    turn.unlock().unwrap();
    timeout(PATIENCE, write(&*another(&ctx).await)).await.unwrap();
}
