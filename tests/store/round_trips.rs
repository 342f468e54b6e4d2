//! How many statements travel for an operation on many rows: as many for few rows as for many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sprintgate::domain::id::JobId;
use sprintgate::domain::job::LEASE;
use sprintgate::flow::wire::{JobHeartbeat, ReportStatus, UpdateJobStatus};
use sprintgate::flow::{Session, Sprintgate};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{NewJob, Secret, Store};
use tokio::task::JoinSet;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::ctx::{Ctx, id, job_of, stamp, task};
use super::keeper::app;

const FEW: usize = 20;
const MANY: usize = 140;
/// What one sweep, cascade or group may take at most.
const MOST: usize = 80;

/// Counts what sqlx says of each statement that it ran.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl Subscriber for Statements {
    fn enabled(&self, of: &Metadata<'_>) -> bool {
        of.target() == "sqlx::query"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The statements of what is done; this thread runs all of it.
async fn statements<T>(done: impl Future<Output = T>) -> (usize, T) {
    let counted = Statements::default();
    let _here = tracing::subscriber::set_default(counted.clone());
    let came_to = done.await;
    (counted.0.load(Ordering::SeqCst), came_to)
}

async fn use_cases(ctx: &Ctx) -> Sprintgate {
    app(ctx, ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await)
}

fn session() -> Session {
    Session::worker(Some(&Secret::shown("t")), id("w1"))
}

/// Jobs of one story, each on a branch of its own of a run; every other one is held, by work that began or not.
async fn siblings(ctx: &Ctx, jobs: usize) -> Vec<JobId> {
    ctx.run("r").await;
    let mut tx = ctx.store.begin().await.unwrap();
    let mut new = Vec::new();
    for number in 0..jobs {
        let name = format!("j{number:04}");
        tx.add_task(&task(&name), &stamp()).await.unwrap();
        let sequence = i64::try_from(number).unwrap();
        let (branch, repo_url) = (Some(format!("feat/{name}")), Some("https://example.org/s.git".into()));
        new.push(NewJob { run: Some(id("r")), sequence, branch, repo_url, ..job_of(&name) });
    }
    tx.add_jobs(&new, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    let ids: Vec<JobId> = new.into_iter().map(|job| job.id).collect();
    for (number, job) in ids.iter().enumerate().filter(|(number, _)| number % 2 == 0) {
        ctx.claim(job).await;
        if number % 4 == 0 {
            ctx.start(job).await;
        }
    }
    ids
}

async fn cascade(jobs: usize) -> usize {
    let ctx = Ctx::new().await;
    let ids = siblings(&ctx, jobs).await;
    let ask = UpdateJobStatus {
        job_id: ids[0].to_string(),
        status: ReportStatus::Failed,
        attempt: Some(1),
        branch: None,
        summary: None,
        error: Some("it does not compile".into()),
        model_id: None,
        input_tokens: None,
        output_tokens: None,
        cache_read_tokens: None,
        cache_write_tokens: None,
        request_id: None,
    };
    let app = use_cases(&ctx).await;
    let (count, said) = statements(app.update_job_status(&session(), ask)).await;
    said.unwrap();
    for job in &ids[1..] {
        let row = ctx.record(job).await.row;
        assert_eq!((row.status.is_terminal(), row.caused_by.as_ref()), (true, Some(&ids[0])), "{job}");
    }
    assert!(app.audit_verify().await.unwrap().ok);
    count
}

#[tokio::test]
async fn a_cascade_takes_as_many_statements_for_many_siblings_as_for_few() {
    let (few, many) = (cascade(FEW).await, cascade(MANY).await);
    assert!(few > 10, "{few} statements were counted");
    assert!(many <= few && many <= MOST, "{few} for {FEW}, {many} for {MANY}");
}

async fn sweep(jobs: usize) -> usize {
    let ctx = Ctx::new().await;
    let ids = siblings(&ctx, jobs).await;
    ctx.pass(LEASE.0 + 1);
    let app = use_cases(&ctx).await;
    let (count, swept) = statements(app.sweep()).await;
    assert_eq!(swept.unwrap().requeued.len(), ids.len() / 2);
    assert!(app.audit_verify().await.unwrap().ok);
    count
}

#[tokio::test]
async fn a_sweep_takes_as_many_statements_for_a_batch_as_for_a_few() {
    let (few, many) = (sweep(FEW).await, sweep(MANY).await);
    assert!(few > 10, "{few} statements were counted");
    // What else a sweep does may find one more thing to do in a longer ledger.
    assert!(many <= few + 2 && many <= MOST, "{few} for {}, {many} for {}", FEW / 2, MANY / 2);
}

async fn renewals(jobs: usize) -> usize {
    let ctx = Ctx::new().await;
    let ids = siblings(&ctx, jobs * 2).await;
    let app = use_cases(&ctx).await;
    let all = async {
        let mut calls = JoinSet::new();
        for job in ids.iter().step_by(2).map(ToString::to_string) {
            let app = app.clone();
            calls.spawn(async move {
                app.job_heartbeat(&session(), JobHeartbeat { job_id: job, attempt: Some(1) }).await
            });
        }
        calls.join_all().await
    };
    let (count, said) = statements(all).await;
    assert_eq!(said.into_iter().filter(|said| said.as_ref().is_ok_and(|said| said.ok)).count(), jobs);
    count
}

#[tokio::test]
async fn leases_renewed_together_take_as_many_statements_as_a_few() {
    let (few, many) = (renewals(FEW).await, renewals(MANY).await);
    assert!(few > 3, "{few} statements were counted");
    assert!(many <= few && many <= MOST, "{few} for {FEW}, {many} for {MANY}");
}

/// Whoever waits for a lock waits alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_another_transaction_has_locked_keeps_no_other_lease_waiting() {
    let ctx = Ctx::new().await;
    let ids = siblings(&ctx, 4).await;
    let app = use_cases(&ctx).await;
    let mut other = ctx.store.begin().await.unwrap();
    other.job(&ids[0]).await.unwrap().unwrap();
    let beat = |job: &JobId| {
        let (app, ask) = (app.clone(), JobHeartbeat { job_id: job.to_string(), attempt: Some(1) });
        tokio::spawn(async move { app.job_heartbeat(&session(), ask).await })
    };
    let (locked, free) = (beat(&ids[0]), beat(&ids[2]));
    assert!(free.await.unwrap().unwrap().ok);
    assert!(!locked.is_finished());
    drop(other);
    assert!(locked.await.unwrap().unwrap().ok);
}
