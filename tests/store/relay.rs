//! The original's channel: a program that listens hears the original's five types with their fields, in order, each once,
//! whichever process says them.

use std::time::Duration;

use sprintgate::domain::time::Timestamp;
use sprintgate::domain::worker::{self, Percent, Quota, Worker};
use sprintgate::flow::Keeper;
use sprintgate::store::{Change, NewWorker, Store};
use sqlx::postgres::PgListener;
use tokio::time::timeout;

use super::ctx::{Ctx, NOON, id, stamp};
use super::database::settled;
use super::keeper::another;

const PATIENCE: Duration = Duration::from_secs(30);
/// A type of the original.
const ORIGINAL: [&str; 5] = [
    "claude_job_enqueued",
    "claude_job_status",
    "worker_connected",
    "worker_heartbeat",
    "worker_disconnected",
];

struct Ear {
    listener: PgListener,
    heard: Vec<String>,
}

impl Ear {
    async fn new(ctx: &Ctx) -> Self {
        let mut listener = PgListener::connect(ctx.database.url()).await.unwrap();
        listener.listen("scrum4me_changes").await.unwrap();
        Self { listener, heard: Vec::new() }
    }

    /// Listens until this message; the messages of the original's types that came before it are none.
    async fn hears(&mut self, expected: &str) {
        loop {
            let told = timeout(PATIENCE, self.listener.recv()).await;
            let told = told.unwrap_or_else(|_| panic!("{expected} is not said")).unwrap();
            self.heard.push(told.payload().to_owned());
            let json: serde_json::Value = serde_json::from_str(told.payload()).unwrap();
            if ORIGINAL.contains(&json["type"].as_str().unwrap()) {
                assert_eq!(told.payload(), expected);
                return;
            }
        }
    }
}

async fn a_worker_comes_and_goes(ctx: &Ctx, ear: &mut Ear) {
    let state = worker::Present { started_at: ctx.now(), last_seen_at: ctx.now(), quota: None };
    let worker = Worker { token: id("t"), instance: id("w-1"), state };
    let new = NewWorker { worker, user: id("u"), product: Some(id("p")), hostname: None, pid: None };
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_worker(&new, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    let whose = r#""user_id":"u","token_id":"t","instance_id":"w-1","product_id":"p""#;
    ear.hears(&format!(r#"{{"type":"worker_connected",{whose},"seq":1}}"#)).await;

    let quota = Quota { left: Percent::new(40).unwrap(), checked_at: Timestamp(NOON) };
    let seen = new.worker.clone().seen(Some(quota), ctx.now());
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.note_seen(&seen, true).await.unwrap());
    tx.commit().await.unwrap();
    let left = r#""last_quota_pct":40,"last_quota_check_at":"2027-01-15T08:00:00.000Z""#;
    ear.hears(&format!(r#"{{"type":"worker_heartbeat",{whose},{left},"seq":1}}"#)).await;

    let mut tx = ctx.store.begin().await.unwrap();
    tx.apply(Change::Worker(seen.unregister(ctx.now()).into()), &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    ear.hears(&format!(r#"{{"type":"worker_disconnected",{whose},"seq":2}}"#)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_listens_hears_the_originals_types_in_order_also_from_the_next_keeper() {
    let ctx = Ctx::new().await;
    settled(&ctx).await;
    let mut ear = Ear::new(&ctx).await;
    let (one, two) = (another(&ctx).await, another(&ctx).await);
    let first = Keeper::start(&one);
    // What was told before there was a relay is not said.
    crate::until::until("a relay", async || {
        ctx.store.read().await.unwrap().consumer("channel").await.unwrap().is_some()
    })
    .await;

    let whose = r#""job_id":"j","task_id":"j","user_id":"u","product_id":"p""#;
    let job = ctx.job("j").await;
    ear.hears(&format!(
        r#"{{"type":"claude_job_enqueued",{whose},"kind":"TASK_IMPLEMENTATION","status":"queued","seq":1}}"#
    ))
    .await;
    ctx.claim(&job).await;
    ear.hears(&format!(r#"{{"type":"claude_job_status",{whose},"status":"claimed","seq":2}}"#)).await;

    // As killed, in the middle of it: it lays nothing down, and the next one comes when its term is over.
    drop(first);
    ctx.start(&job).await;
    let second = Keeper::start(&two);
    ctx.pass(15_001);
    ear.hears(&format!(r#"{{"type":"claude_job_status",{whose},"status":"running","seq":3}}"#)).await;
    ctx.pass(-15_001);
    ctx.finish(&job).await;
    ear.hears(&format!(
        r#"{{"type":"claude_job_status",{whose},"status":"done","pushed_at":"2027-01-15T08:00:00.000Z","verify_result":"aligned","seq":4}}"#
    ))
    .await;
    a_worker_comes_and_goes(&ctx, &mut ear).await;
    second.stop().await;

    // The machines that the original does not tell of have a type of their own; nothing was said twice.
    let generic = |line: &&String| line.starts_with(r#"{"type":"attempt","id":"j/1""#);
    assert_eq!(ear.heard.iter().filter(generic).count(), 2, "{:#?}", ear.heard);
    let all = ear.heard.len();
    ear.heard.sort();
    ear.heard.dedup();
    assert_eq!(ear.heard.len(), all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_behind_an_open_transaction_is_said_soon_after_its_end() {
    let ctx = Ctx::new().await;
    settled(&ctx).await;
    let mut ear = Ear::new(&ctx).await;
    let app = another(&ctx).await;
    let keeper = Keeper::start(&app);
    crate::until::until("a relay", async || {
        ctx.store.read().await.unwrap().consumer("channel").await.unwrap().is_some()
    })
    .await;
    // One that writes nothing that anybody is told of.
    let mut older = ctx.store.begin().await.unwrap();
    older.take_office("test", "somebody", sprintgate::domain::time::Millis(1)).await.unwrap();
    ctx.job("j").await;
    assert!(
        timeout(Duration::from_millis(300), ear.listener.recv()).await.is_err(),
        "it could be told too early"
    );
    let begun = std::time::Instant::now();
    older.commit().await.unwrap();
    let whose = r#""job_id":"j","task_id":"j","user_id":"u","product_id":"p""#;
    ear.hears(&format!(
        r#"{{"type":"claude_job_enqueued",{whose},"kind":"TASK_IMPLEMENTATION","status":"queued","seq":1}}"#
    ))
    .await;
    assert!(begun.elapsed() < Duration::from_secs(4), "well before the next poll: {:?}", begun.elapsed());
    keeper.stop().await;
}
