//! Claims and what follows: one worker a job, one attempt a claim.

use std::sync::Arc;

use sprintgate::domain::attempt;
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::{self, Status};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::*;

use super::ctx::{Ctx, claim, commit, id, job_of, stamp, task};
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

#[tokio::test]
async fn what_an_attempt_is_about_to_send_is_noted_once_and_by_its_holder_only() {
    const REPO: &str = "https://example.org/shop.git";
    let ctx = Ctx::new().await;
    let job: JobId = id("j");
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("j"), &stamp()).await.unwrap();
    let new = NewJob { branch: Some("feat/x".into()), repo_url: Some(REPO.into()), ..job_of("j") };
    tx.add_job(&new, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    ctx.claim(&job).await;
    let (sent, start) = (commit('b'), commit('a'));
    let mut tx = ctx.store.begin().await.unwrap();
    tx.note_base(&job, 1, &start, Some(&start), job::LEASE).await.unwrap();
    tx.note_sent(&job, 1, &sent).await.unwrap();
    tx.note_sent(&job, 1, &sent).await.unwrap();
    tx.note_sent(&job, 2, &commit('c')).await.unwrap();
    tx.commit().await.unwrap();
    ctx.pass(job::LEASE.0 + 1);
    ctx.expire(&job).await;
    ctx.claim(&job).await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.note_sent(&job, 1, &commit('d')).await.unwrap();
    tx.note_sent(&job, 2, &sent).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = ctx.store.read().await.unwrap();
    let first = Sender { job: job.clone(), attempt: 1, status: attempt::Status::Expired, start: Some(start) };
    let second = Sender { job: job.clone(), attempt: 2, status: attempt::Status::Held, start: None };
    let known = tx.senders(REPO, "feat/x", &sent, 9).await.unwrap();
    assert_eq!(known, [first.clone(), second]);
    assert_eq!(tx.senders(REPO, "feat/x", &sent, 1).await.unwrap(), [first]);
    for (repo, branch, commit) in [
        (REPO, "feat/y", &sent),
        ("elsewhere", "feat/x", &sent),
        (REPO, "feat/x", &commit('c')),
        (REPO, "feat/x", &commit('d')),
    ] {
        assert_eq!(tx.senders(repo, branch, commit, 9).await.unwrap(), [], "{repo} {branch} {commit}");
    }
}
