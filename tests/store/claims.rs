//! Claims and what follows: one worker a job, one attempt a claim.

use std::sync::Arc;

use sprintgate::domain::attempt;
use sprintgate::domain::job::Status;
use sprintgate::store::sqlite::Clock;
use sprintgate::store::*;

use super::ctx::{Ctx, claim, id, job_of, stamp, task};
use super::database::ThatStore;

#[tokio::test]
async fn a_job_lives_from_queue_to_done() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    assert_eq!(ctx.claim(&job).await, 1);
    ctx.start(&job).await;
    ctx.finish(&job).await;

    let record = ctx.record(&job).await;
    assert_eq!(record.row.status, Status::Done);
    let mut tx = ctx.store.read().await.unwrap();
    let attempt = tx.attempt(&job, 1).await.unwrap().unwrap();
    assert_eq!(attempt.row.status, attempt::Status::Finished);
    assert_eq!(attempt.row.ended_at, Some(ctx.now()));
    let events: Vec<String> =
        tx.history("job", "j", 10).await.unwrap().into_iter().map(|entry| entry.event).collect();
    assert_eq!(events, ["create", "claim", "start", "finish"]);
    assert_eq!(tx.first_claimable(&id("u"), None).await.unwrap(), None);
}

/// Claims until the queue is empty; what it got.
async fn work(store: &ThatStore, worker: &str) -> Vec<String> {
    let mut mine = Vec::new();
    loop {
        let mut tx = store.begin().await.unwrap();
        let Some(job) = tx.first_claimable(&id("u"), None).await.unwrap() else { return mine };
        claim(tx.as_mut(), &job, worker).await.unwrap();
        tx.commit().await.unwrap();
        mine.push(job.to_string());
    }
}

async fn enqueue(ctx: &Ctx, jobs: usize) {
    let mut tx = ctx.store.begin().await.unwrap();
    for n in 0..jobs {
        let name = format!("j{n:04}");
        tx.add_task(&task(&name), &stamp()).await.unwrap();
        tx.add_job(&job_of(&name), &stamp()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn eight_workers_share_400_jobs_and_none_is_claimed_twice() {
    let ctx = Arc::new(Ctx::new().await);
    enqueue(&ctx, 400).await;
    let mut workers = tokio::task::JoinSet::new();
    for n in 0..8 {
        let ctx = Arc::clone(&ctx);
        workers.spawn(async move { work(&ctx.store, &format!("w{n}")).await });
    }
    let shares = workers.join_all().await;
    assert!(shares.iter().all(|share| share.len() > 10), "the writers take turns");
    let mut all: Vec<String> = shares.concat();
    all.sort();
    assert_eq!(all, (0..400).map(|n| format!("j{n:04}")).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_stores_on_one_file_share_the_queue() {
    let ctx = Arc::new(Ctx::new().await);
    enqueue(&ctx, 100).await;
    let mut workers = tokio::task::JoinSet::new();
    for n in 0..4 {
        let ctx = Arc::clone(&ctx);
        workers.spawn(async move {
            let clock = Clock::Manual(Arc::clone(&ctx.clock));
            let store = ctx.database.open(clock).await;
            let mine = work(&store, &format!("w{n}")).await;
            store.close().await;
            mine
        });
    }
    let mut all: Vec<String> = workers.join_all().await.concat();
    all.sort();
    assert_eq!(all, (0..100).map(|n| format!("j{n:04}")).collect::<Vec<_>>());
}
