//! Leases that many renew at the same moment: each is granted or refused as if it had asked alone.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Waker};

use sprintgate::domain::job::{LEASE, Stop};
use sprintgate::domain::run::{AnyRun, Pause};
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::flow::wire::{Heartbeat, JobHeartbeat};
use sprintgate::flow::{FlowError, Session, Sprintgate};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{Change, NewToken, NewUser, Secret, Store, TokenKind};
use tokio::task::JoinSet;

use super::super::ctx::{Ctx, id, job_of, stamp, task};
use super::super::keeper::app;

async fn use_cases(ctx: &Ctx) -> Sprintgate {
    app(ctx, ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await)
}

impl Ctx {
    async fn token(&self, name: &str, user: &str, scope: Option<(&str, u32)>, expires: Option<i64>) {
        let mut tx = self.store.begin().await.unwrap();
        let token = NewToken {
            id: id(name),
            user: id(user),
            hash: Secret::shown(name).hash(),
            kind: if scope.is_some() { TokenKind::Attempt } else { TokenKind::Implementation },
            label: None,
            expires_at: expires.map(|at| Timestamp(self.now().0 + at)),
            scope: scope.map(|(job, number)| (id(job), number)),
        };
        tx.add_token(&token).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn held(&self, name: &str) {
        let job = self.job(name).await;
        self.claim(&job).await;
    }

    async fn lease(&self, name: &str) -> Option<i64> {
        self.record(&id(name)).await.row.lease_until.map(|at| at.0)
    }
}

fn ask(job: &str, attempt: Option<i64>) -> JobHeartbeat {
    JobHeartbeat { job_id: job.to_owned(), attempt }
}

fn session(token: Option<&str>) -> Session {
    Session::worker(token.map(Secret::shown).as_ref(), id("w1"))
}

/// All of them at once; what each was told, in their order.
async fn together(app: &Sprintgate, asks: Vec<(Session, JobHeartbeat)>) -> Vec<Result<Heartbeat, FlowError>> {
    let mut calls = JoinSet::new();
    for (number, (session, ask)) in asks.into_iter().enumerate() {
        let app = app.clone();
        calls.spawn(async move { (number, app.job_heartbeat(&session, ask).await) });
    }
    let mut said = calls.join_all().await;
    said.sort_by_key(|(number, _)| *number);
    said.into_iter().map(|(_, said)| said).collect()
}

#[tokio::test]
async fn each_is_granted_or_refused_for_itself() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_user(&NewUser { id: id("d"), username: "demo".into(), is_demo: true }).await.unwrap();
    tx.add_user(&NewUser { id: id("b"), username: "bob".into(), is_demo: false }).await.unwrap();
    tx.commit().await.unwrap();
    for name in ["a", "b", "c", "twice", "minted", "gone", "ended", "given"] {
        ctx.held(name).await;
    }
    ctx.job("waits").await;
    ctx.pass(LEASE.0 + 1);
    ctx.expire(&id("gone")).await;
    ctx.cancel(&id("ended"), Stop::by_user("enough")).await;
    ctx.release(&id("given")).await;
    ctx.token("other", "u", None, None).await;
    ctx.token("bob", "b", None, None).await;
    ctx.token("demo", "d", None, None).await;
    ctx.token("late", "u", None, Some(-1)).await;
    ctx.token("revoked", "u", None, None).await;
    ctx.token("agent", "u", Some(("minted", 1)), None).await;
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.revoke_token(&id("u"), &id("revoked")).await.unwrap());
    tx.commit().await.unwrap();

    let long = "x".repeat(300);
    let cases: Vec<(Option<&str>, &str, Option<i64>, &str)> = vec![
        (Some("t"), "a", Some(1), "ok"),
        (Some("t"), "b", None, "ok"),
        (Some("t"), "twice", Some(1), "ok"),
        (Some("t"), "twice", Some(1), "ok"),
        (Some("agent"), "minted", None, "ok"),
        (Some("agent"), "minted", Some(1), "ok"),
        (Some("agent"), "minted", Some(2), "PERMISSION_DENIED"),
        (Some("agent"), "c", Some(1), "NOT_FOUND"),
        (Some("other"), "c", Some(1), "PERMISSION_DENIED"),
        (Some("bob"), "c", Some(1), "NOT_FOUND"),
        (Some("demo"), "c", Some(1), "FORBIDDEN_DEMO"),
        (Some("late"), "c", Some(1), "UNAUTHENTICATED"),
        (Some("revoked"), "c", Some(1), "UNAUTHENTICATED"),
        (Some("nobody"), "c", Some(1), "UNAUTHENTICATED"),
        (None, "c", Some(1), "UNAUTHENTICATED"),
        (Some("t"), "c", Some(2), "VALIDATION_ERROR"),
        (Some("t"), "c", Some(0), "VALIDATION_ERROR"),
        (Some("t"), "c", Some(-1), "VALIDATION_ERROR"),
        (Some("t"), "nothing", Some(1), "NOT_FOUND"),
        (Some("t"), &long, Some(1), "VALIDATION_ERROR"),
        (Some("t"), "gone", Some(1), "LEASE_LOST"),
        (Some("t"), "given", None, "LEASE_LOST"),
        (Some("t"), "ended", Some(1), "JOB_CANCELLED"),
        (Some("t"), "waits", Some(1), "VALIDATION_ERROR"),
    ];
    let app = use_cases(&ctx).await;
    let before = ctx.lease("c").await;
    let asks: Vec<_> =
        cases.iter().map(|(token, job, attempt, _)| (session(*token), ask(job, *attempt))).collect();
    let said = together(&app, asks).await;
    for (said, case) in said.iter().zip(&cases) {
        let code = said.as_ref().map_or_else(FlowError::code, |_| "ok");
        assert_eq!(code, case.3, "{case:?}: {said:?}");
        if let Ok(answer) = said {
            assert_eq!((answer.job_id.as_str(), answer.attempt), (case.1, 1));
        }
    }
    let until = ctx.now().0 + app.settings().lease.0;
    for name in ["a", "b", "twice", "minted"] {
        assert_eq!(ctx.lease(name).await, Some(until), "{name}");
    }
    assert_eq!(ctx.lease("c").await, before);

    // A session knows the attempt that it claimed.
    let claimed = session(Some("t"));
    claimed.remember(&id("a"), 2);
    let said = together(&app, vec![(session(Some("t")), ask("b", None)), (claimed, ask("a", None))]).await;
    assert_eq!(said[0].as_ref().map_or_else(FlowError::code, |_| "ok"), "ok");
    assert_eq!(said[1].as_ref().map_or_else(FlowError::code, |_| "ok"), "VALIDATION_ERROR");
}

#[tokio::test]
async fn the_answer_tells_of_the_run() {
    let ctx = Ctx::new().await;
    let run = ctx.run("r").await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("j"), &stamp()).await.unwrap();
    let mut new = job_of("j");
    new.run = Some(run.clone());
    tx.add_job(&new, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    ctx.claim(&id("j")).await;
    let mut tx = ctx.store.begin().await.unwrap();
    let AnyRun::Queued(queued) = AnyRun::try_from(tx.run(&run).await.unwrap().unwrap().row).unwrap() else {
        panic!()
    };
    let running = queued.claim_first(ctx.now());
    let pause = Pause::QuotaDepleted {
        last_completed: None,
        resume_instructions: "wait".into(),
        paused_at: ctx.now(),
    };
    let paused = running.next().clone().pause(pause);
    tx.apply(Change::Run(running.into()), &stamp()).await.unwrap();
    tx.apply(Change::Run(paused.into()), &stamp()).await.unwrap();
    tx.commit().await.unwrap();

    let said = together(&use_cases(&ctx).await, vec![(session(Some("t")), ask("j", Some(1)))]).await;
    let answer = said[0].as_ref().unwrap();
    assert_eq!(answer.sprint_run_status.as_deref(), Some("PAUSED"));
    assert_eq!(answer.sprint_run_pause_reason.as_deref(), Some("QUOTA_DEPLETED"));
    assert!(answer.legal_next.contains(&"update_job_status:running".to_owned()), "{answer:?}");
}

#[tokio::test]
async fn who_stops_waiting_takes_nobody_with_it() {
    let ctx = Ctx::new().await;
    let names: Vec<String> = (0..6).map(|n| format!("j{n}")).collect();
    for name in &names {
        ctx.held(name).await;
    }
    ctx.pass(LEASE.0 + 1);
    let app = use_cases(&ctx).await;
    let worker = session(Some("t"));
    // The first begins the service of all, and the second stands in the line; both are dropped at once.
    for name in &names[..2] {
        let mut call = Box::pin(app.job_heartbeat(&worker, ask(name, Some(1))));
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    let asks = names[2..].iter().map(|name| (session(Some("t")), ask(name, Some(1)))).collect();
    for said in together(&app, asks).await {
        assert!(said.unwrap().ok);
    }
    let until = ctx.now().0 + app.settings().lease.0;
    for name in &names[2..] {
        assert_eq!(ctx.lease(name).await, Some(until), "{name}");
    }
}

#[tokio::test]
async fn renewed_at_once_are_those_that_hold() {
    let ctx = Ctx::new().await;
    for name in ["a", "b", "again", "ended"] {
        ctx.held(name).await;
    }
    ctx.job("waits").await;
    ctx.pass(LEASE.0 + 1);
    ctx.expire(&id("again")).await;
    ctx.cancel(&id("ended"), Stop::by_user("enough")).await;
    let long = ctx.now() + Millis::minutes(10);
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.renew(&id("b"), 1, Millis::minutes(10)).await.unwrap());
    let asked = ["a", "b", "again", "ended", "waits", "nothing"]
        .map(|name| (id(name), 1))
        .into_iter()
        .chain([(id("a"), 2)]);
    let renewed = tx.renew_all(&asked.collect::<Vec<_>>(), LEASE).await.unwrap();
    assert_eq!(renewed, BTreeSet::from([id("a"), id("b")]));
    assert_eq!(tx.renew_all(&[], LEASE).await.unwrap(), BTreeSet::new());
    tx.commit().await.unwrap();
    assert_eq!(ctx.lease("a").await, Some((ctx.now() + LEASE).0));
    assert_eq!(ctx.lease("b").await, Some(long.0), "a longer lease stays");
}
