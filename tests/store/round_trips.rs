//! How many statements travel for an operation on many rows: as many for few rows as for many.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sprintgate::domain::credential::Credential;
use sprintgate::domain::forge::{ForgeHost, ForgeKind};
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::LEASE;
use sprintgate::flow::wire::{JobHeartbeat, ReportStatus, UpdateJobStatus};
use sprintgate::flow::{Session, Sprintgate};
use sprintgate::forge::{ForgeSettings, Forges};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{NewJob, Secret, Store};
use tokio::task::JoinSet;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::ctx::{Ctx, id, job_of, stamp, task};
use super::keeper::app;

const FEW: usize = 20;
const MANY: usize = 140;
/// What one sweep, cascade or group may take at most.
const MOST: usize = 80;

/// What no call waits for: what is undone after a look, what other processes are told, how a new connection begins. Tasks
/// of their own do it at a time of their own.
pub(super) const BESIDE: [&str; 4] = ["ROLLBACK", "NOTIFY", "LISTEN", "SET "];

/// What sqlx says of each statement that it ran, but for those that no call waits for.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Subscriber for Statements {
    fn enabled(&self, of: &Metadata<'_>) -> bool {
        of.target() == "sqlx::query"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut said = Said::default();
        event.record(&mut said);
        if !BESIDE.iter().any(|beside| said.0.starts_with(beside)) {
            self.0.lock().unwrap().push(said.0);
        }
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// How a statement begins.
#[derive(Default)]
struct Said(String);

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "summary" {
            self.0 = format!("{value:?}");
        }
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

/// The statements of what is done; this thread runs all of it.
async fn statements<T>(done: impl Future<Output = T>) -> (Vec<String>, T) {
    let heard = Statements::default();
    let _here = tracing::subscriber::set_default(heard.clone());
    let came_to = done.await;
    let said = heard.0.lock().unwrap().clone();
    (said, came_to)
}

/// As many statements for many rows as for few, and more than so many were heard of at all.
fn as_many(few: &[String], many: &[String], heard: usize) {
    let more: Vec<_> = many.iter().filter(|one| counted(many, one) > counted(few, one)).collect();
    assert!(few.len() > heard, "{} statements were heard of", few.len());
    assert!(
        many.len() <= few.len() && many.len() <= MOST,
        "{} for few, {} for many: {more:#?}",
        few.len(),
        many.len()
    );
}

fn counted(all: &[String], one: &str) -> usize {
    all.iter().filter(|other| *other == one).count()
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
        let (branch, repo_url) = (Some(format!("feat/{name}")), Some("https://example.org/ann/s.git".into()));
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

/// A forge of the jobs' repository.
fn forges() -> Forges {
    let host = ForgeHost::new("example.org").unwrap();
    let (token, ca_file) = (Credential::new("t0ken").unwrap(), None);
    let (timeout, api) = (Duration::from_secs(60), "https://example.org/api/v1".to_owned());
    let (gap, pause) = (Duration::ZERO, Duration::ZERO);
    let kind = ForgeKind::Forgejo;
    Forges::new([ForgeSettings { host, kind, api, token, ca_file, timeout, gap, pause }]).unwrap()
}

async fn cascade(jobs: usize) -> Vec<String> {
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
    // Each branch may have a pull request at this forge, which nobody asks here.
    let app = use_cases(&ctx).await.with_forges(forges());
    let (asked, said) = statements(app.update_job_status(&session(), ask)).await;
    said.unwrap();
    for job in &ids[1..] {
        let row = ctx.record(job).await.row;
        assert_eq!((row.status.is_terminal(), row.caused_by.as_ref()), (true, Some(&ids[0])), "{job}");
    }
    assert!(app.audit_verify().await.unwrap().ok);
    asked
}

#[tokio::test]
async fn a_cascade_takes_as_many_statements_for_many_siblings_as_for_few() {
    let (few, many) = (cascade(FEW).await, cascade(MANY).await);
    as_many(&few, &many, 10);
}

async fn sweep(jobs: usize) -> Vec<String> {
    let ctx = Ctx::new().await;
    let ids = siblings(&ctx, jobs).await;
    ctx.pass(LEASE.0 + 1);
    let app = use_cases(&ctx).await;
    let (asked, swept) = statements(app.sweep()).await;
    assert_eq!(swept.unwrap().requeued.len(), ids.len() / 2);
    assert!(app.audit_verify().await.unwrap().ok);
    asked
}

#[tokio::test]
async fn a_sweep_takes_as_many_statements_for_a_batch_as_for_a_few() {
    let (few, many) = (sweep(FEW).await, sweep(MANY).await);
    as_many(&few, &many, 10);
}

async fn renewals(jobs: usize) -> Vec<String> {
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
    let (asked, said) = statements(all).await;
    assert_eq!(said.into_iter().filter(|said| said.as_ref().is_ok_and(|said| said.ok)).count(), jobs);
    asked
}

#[tokio::test]
async fn leases_renewed_together_take_as_many_statements_as_a_few() {
    let (few, many) = (renewals(FEW).await, renewals(MANY).await);
    as_many(&few, &many, 3);
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
