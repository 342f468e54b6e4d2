//! Tries: what comes of them, who may say so, and what is never taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use sprintgate::domain::effect::{ERROR_MAX, Kind, PUT_OFF_MAX, Status, Why};
use sprintgate::domain::time::Millis;
use sprintgate::flow::{EffectRecord, Handler, Handlers, Outcome, Performed};
use sprintgate::store::*;
use tokio_util::sync::CancellationToken;

use super::super::ctx::{Ctx, id};
use super::{App, Log, Obedient, Slow, done, effect, opening, process};

#[tokio::test]
async fn done_again_and_given_up() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects(["done", "again", "never", "long"].map(|name| effect(&ctx, name, Kind::OpenPr))).await;
    let log = Log::default();
    let answer = |effect: &EffectRecord| match effect.row.id.as_str() {
        "done" => Outcome::Done(json!({ "url": "https://forge/1" })),
        "again" => Outcome::Again { why: "503\0".into(), wait: Some(Millis::minutes(7)) },
        "never" => Outcome::GiveUp("x".repeat(ERROR_MAX + 1)),
        _ => Outcome::Again { why: "slow down".into(), wait: Some(Millis(i64::MAX)) },
    };
    let performed = app.run(&opening("w", &log, answer)).await;
    assert_eq!(performed, Performed { done: 1, again: 2, gave_up: 1, lost: 0, expired: 0 });

    assert_eq!(ctx.story("done").await, ["create", "start", "succeed"]);
    let history = ctx.store.read().await.unwrap().history("effect", "done", 10).await.unwrap();
    let facts: serde_json::Value = serde_json::from_str(&history[2].facts).unwrap();
    assert_eq!(facts, json!({ "try": 1, "learned": { "url": "https://forge/1" } }));
    let again = ctx.effect("again").await.row;
    assert_eq!((again.status, again.last_error.as_deref()), (Status::Retry, Some("503")));
    assert_eq!(again.due_at, Some(ctx.now() + Millis::minutes(7)));
    let never = ctx.effect("never").await.row;
    assert_eq!((never.status, never.gave_up_why), (Status::GaveUp, Some(Why::Refused)));
    assert_eq!(never.last_error.unwrap().len(), ERROR_MAX);
    assert_eq!(ctx.effect("long").await.row.due_at, Some(ctx.now() + PUT_OFF_MAX));
    app.sound().await;
}

#[tokio::test]
async fn waits_are_spread_so_that_those_who_failed_together_do_not_come_back_together() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    let names: Vec<String> = (0..20).map(|number| format!("e{number}")).collect();
    ctx.add_effects(names.iter().map(|name| effect(&ctx, name, Kind::OpenPr))).await;
    app.run(&opening("w", &Log::default(), |_| Outcome::again("503"))).await;
    let mut waits = std::collections::BTreeSet::new();
    for name in &names {
        let wait = ctx.effect(name).await.row.due_at.unwrap() - ctx.now();
        assert!((10_000..=12_500).contains(&wait.0), "{wait:?}");
        waits.insert(wait);
    }
    assert!(waits.len() > 10, "{waits:?}");
}

#[tokio::test]
async fn what_nobody_here_can_do_is_left_and_stands_in_nobodys_way() {
    let ctx = Ctx::new().await;
    let (here, there) = (App::new(&ctx).await, App::on(&ctx, "there").await);
    let at =
        |name: &str, host: &str| NewEffect { host: Some(host.into()), ..effect(&ctx, name, Kind::OpenPr) };
    let strange = (0..30).map(|number| effect(&ctx, &format!("a{number}"), Kind::ClosePr));
    ctx.add_effects(strange.chain([
        at("b-there", "there"),
        at("c-here", "here"),
        effect(&ctx, "d", Kind::OpenPr),
    ]))
    .await;
    let log = Log::default();
    assert_eq!(here.run(&opening("w", &log, done)).await.done, 2);
    assert_eq!(log.names(), ["c-here", "d"]);
    assert_eq!(ctx.effect("a0").await.row.tries, 0);
    assert_eq!(there.run(&opening("w", &log, done)).await.done, 1);
    assert_eq!(log.names(), ["c-here", "d", "b-there"]);
    let none = Handlers::new(process("w"));
    assert_eq!(here.run(&none).await.tries(), 0);
}

struct Strange(&'static str);

#[async_trait]
impl Handler for Strange {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    fn limit(&self) -> Duration {
        match self.0 {
            "hangs" => Duration::from_millis(20),
            _ => Duration::from_secs(60),
        }
    }
    async fn perform(&self, _: &EffectRecord) -> Outcome {
        match self.0 {
            "panics" => panic!("out of cheese"),
            _ => std::future::pending().await,
        }
    }
}

#[tokio::test]
async fn a_handler_that_panics_or_hangs_has_failed() {
    for (how, said) in
        [("panics", "the handler failed: "), ("hangs", "the handler was not done within 0.02 s")]
    {
        let ctx = Ctx::new().await;
        let app = App::new(&ctx).await;
        ctx.add_effects([effect(&ctx, "e", Kind::OpenPr)]).await;
        let performed = app.run(&Handlers::new(process("w")).with(Strange(how))).await;
        assert_eq!((performed.again, performed.tries()), (1, 1));
        let row = ctx.effect("e").await.row;
        assert_eq!((row.status, row.tries), (Status::Retry, 1));
        assert!(row.last_error.as_deref().unwrap().starts_with(said), "{row:?}");
    }
}

#[tokio::test]
async fn who_was_given_up_for_dead_cannot_say_that_it_is_done() {
    let ctx = Ctx::new().await;
    let (slow, quick) = (App::new(&ctx).await, App::new(&ctx).await);
    ctx.add_effects([effect(&ctx, "e", Kind::OpenPr)]).await;
    let hangs = Slow::default();
    // Without room for another one, so that it does not take back what was taken from it.
    let handlers = Handlers::new(process("slow")).at_once(1).with(hangs.clone());
    let late = tokio::spawn(async move { (slow.run(&handlers).await, slow) });
    hangs.begun.notified().await;

    let log = Log::default();
    let quick_ones = opening("quick", &log, done);
    assert_eq!(quick.run(&quick_ones).await, Performed::default(), "its lease runs");
    ctx.pass(5 * 60_000 + 1);
    assert_eq!(quick.run(&quick_ones).await, Performed { expired: 1, ..Performed::default() });
    ctx.pass(60_000);
    assert_eq!(quick.run(&quick_ones).await.done, 1);
    hangs.answer.notify_one();
    let (performed, slow) = late.await.unwrap();
    assert_eq!((performed.lost, performed.tries()), (1, 1));
    assert_eq!(ctx.story("e").await, ["create", "start", "expire", "start", "succeed"]);
    assert_eq!(log.0.lock().unwrap()[..], [("e".to_owned(), 2)]);
    slow.sound().await;
}

/// Works for several leases, by the database's clock.
struct Long {
    app: App,
    ctx: Arc<Ctx>,
}

const SHORT: Millis = Millis(1500);

#[async_trait]
impl Handler for Long {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    async fn perform(&self, _: &EffectRecord) -> Outcome {
        for _ in 0..2 {
            self.ctx.pass(1000);
            let renewed = self.ctx.now() + SHORT;
            while self.ctx.effect("e").await.row.lease_until != Some(renewed) {
                tokio::task::yield_now().await;
            }
            let others = opening("other", &Log::default(), done);
            assert_eq!(self.app.run(&others).await, Performed::default());
        }
        Outcome::Done(json!({}))
    }
}

#[tokio::test]
async fn a_lease_is_renewed_while_the_handler_works() {
    let ctx = Arc::new(Ctx::new().await);
    let app = App::new(&ctx).await;
    ctx.add_effects([effect(&ctx, "e", Kind::OpenPr)]).await;
    let long = Long { app: App::new(&ctx).await, ctx: ctx.clone() };
    let performed = app.run(&Handlers::new(process("w")).with(long).lease(SHORT)).await;
    assert_eq!(performed, Performed { done: 1, ..Performed::default() });
    assert_eq!(ctx.story("e").await, ["create", "start", "succeed"]);
}

/// Leaves with the first effect, and counts how many are at work.
struct Crowd {
    gone: CancellationToken,
    at_work: AtomicUsize,
    most: Arc<AtomicUsize>,
}

#[async_trait]
impl Handler for Crowd {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        self.most.fetch_max(self.at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        if effect.row.id.as_str() == "e00" {
            self.gone.cancel();
        }
        tokio::task::yield_now().await;
        self.at_work.fetch_sub(1, Ordering::SeqCst);
        Outcome::Done(json!({}))
    }
}

#[tokio::test]
async fn who_leaves_ends_what_is_under_way_and_takes_no_more() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects((0..20).map(|number| effect(&ctx, &format!("e{number:02}"), Kind::OpenPr))).await;
    let (gone, most) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
    let crowd = Crowd { gone: gone.clone(), at_work: AtomicUsize::new(0), most: most.clone() };
    let handlers = Handlers::new(process("w")).with(crowd).at_once(3);
    let performed = app.app.run_effects(&handlers, u32::MAX, &gone).await.unwrap();
    assert_eq!((performed.done, performed.tries()), (3, 3), "what was taken together");
    let counts = ctx.store.read().await.unwrap().count_effects(Some(&id("u"))).await.unwrap();
    assert_eq!(counts.iter().map(|it| (it.status, it.effects)).collect::<Vec<_>>(), [(Status::Pending, 17)]);
    assert_eq!(app.app.run_effects(&handlers, u32::MAX, &gone).await.unwrap().tries(), 0);

    let fresh = CancellationToken::new();
    let limited = app.app.run_effects(&handlers, 5, &fresh).await.unwrap();
    assert_eq!(limited.tries(), 5, "a pass has a limit");
    assert_eq!(app.app.run_effects(&handlers, u32::MAX, &fresh).await.unwrap().done, 12);
    assert_eq!(most.load(Ordering::SeqCst), 3, "never more at a time");
}

/// With its last try an effect is given up, visibly, and a pass that finds a row it cannot read goes on.
#[tokio::test]
async fn the_last_try_gives_up() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    let mut last = effect(&ctx, "e", Kind::OpenPr);
    last.effect.tries_max = 2;
    ctx.add_effects([last]).await;
    let handlers = Handlers::new(process("w")).with(Obedient {
        kind: Kind::OpenPr,
        log: Log::default(),
        answer: |_| Outcome::again("503"),
    });
    assert_eq!(app.run(&handlers).await.again, 1);
    ctx.pass(13_000);
    assert_eq!(app.run(&handlers).await.gave_up, 1);
    let row = ctx.effect("e").await.row;
    assert_eq!((row.gave_up_why, row.last_error.as_deref()), (Some(Why::Spent), Some("503")));
    ctx.pass(24 * 60 * 60_000);
    assert_eq!(app.run(&handlers).await.tries(), 0);
}
