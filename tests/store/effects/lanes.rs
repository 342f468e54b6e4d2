//! Lanes: one after the other, whoever tries; one that was given up holds the others up until a person decides.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use sprintgate::domain::actor::Actor;
use sprintgate::domain::effect::{AnyEffect, Change as EffectChange, Kind, Status};
use sprintgate::flow::{EffectRecord, FlowError, Handler, Handlers, Outcome};
use sprintgate::store::*;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::super::ctx::{Ctx, id, stamp};
use super::super::database::ONE_WRITER;
use super::{App, Log, any, done, effect, in_lane, opening};
use crate::until::until;

impl Ctx {
    async fn behind(&self, names: &[&str]) -> Vec<bool> {
        let mut behind = Vec::new();
        for name in names {
            behind.push(self.effect(name).await.behind);
        }
        behind
    }

    /// Whether a transaction waits for a lock.
    async fn somebody_waits(&self) -> bool {
        let waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
            AND wait_event_type = 'Lock') AS so";
        let mut raw = self.database.connect().await;
        sqlx::query_scalar(waits).fetch_one(&mut raw).await.unwrap()
    }

    /// A person's move of it.
    async fn decide(&self, name: &str, with: impl FnOnce(AnyEffect, &Actor) -> EffectChange) {
        let mut tx = self.store.begin().await.unwrap();
        tx.hold(Of::Product(&id("p")), None).await.unwrap();
        let record = tx.effect(&id(name)).await.unwrap().unwrap();
        tx.apply(Change::Effect(with(any(&record), &Actor::Human(id("u")))), &stamp()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn only_the_first_that_is_not_over_is_tried() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects(["z", "y", "x"].map(|name| in_lane(&ctx, name, "pr-1"))).await;
    ctx.add_effects([in_lane(&ctx, "other", "pr-2"), effect(&ctx, "free", Kind::OpenPr)]).await;
    assert_eq!(ctx.behind(&["z", "y", "x", "other", "free"]).await, [false, true, true, false, false]);
    let (log, now) = (Log::default(), ctx.now());
    // In one pass: each waits for the one before it, not for the next pass.
    let performed = app.run(&opening("w", &log, done)).await;
    assert_eq!((performed.done, performed.tries()), (5, 5));
    let names = log.names();
    let of_lane: Vec<&String> =
        names.iter().filter(|name| ["x", "y", "z"].contains(&name.as_str())).collect();
    assert_eq!(of_lane, ["z", "y", "x"]);
    // At the end of a lane that is over stands nobody behind anybody.
    ctx.add_effects([in_lane(&ctx, "w", "pr-1")]).await;
    assert_eq!((ctx.behind(&["w"]).await, ctx.now()), (vec![false], now));
    app.sound().await;
}

#[tokio::test]
async fn one_that_fails_or_is_given_up_holds_its_lane_and_a_person_lets_it_go_on() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects(["a", "b", "c"].map(|name| in_lane(&ctx, name, "pr-1"))).await;
    let log = Log::default();
    let again = |_: &EffectRecord| Outcome::again("503");
    assert_eq!(app.run(&opening("w", &log, again)).await.again, 1);
    assert_eq!(
        app.run(&opening("w", &log, again)).await.tries(),
        0,
        "the first waits, and the others for it"
    );
    ctx.pass(60_000);
    let refused = |_: &EffectRecord| Outcome::GiveUp("no such repository".into());
    assert_eq!(app.run(&opening("w", &log, refused)).await.gave_up, 1);
    assert_eq!((ctx.status("a").await, ctx.behind(&["b", "c"]).await), (Status::GaveUp, vec![true, true]));
    assert_eq!(app.run(&opening("w", &log, done)).await.tries(), 0);

    // Dismissed in the middle: nobody waits for it, and it is behind still when it is asked for again.
    let now = ctx.now();
    ctx.decide("b", |it, by| match it {
        AnyEffect::Pending(due) => due.dismiss(by, "nobody needs it", now).unwrap().into(),
        other => panic!("{other:?}"),
    })
    .await;
    assert_eq!(ctx.behind(&["c"]).await, [true], "the first was given up, not dismissed");
    ctx.decide("a", |it, by| match it {
        AnyEffect::GaveUp(it) => it.again(by, now).unwrap().into(),
        other => panic!("{other:?}"),
    })
    .await;
    assert_eq!(ctx.behind(&["a", "c"]).await, [false, true]);
    ctx.decide("b", |it, by| match it {
        AnyEffect::GaveUp(it) => it.again(by, now).unwrap().into(),
        other => panic!("{other:?}"),
    })
    .await;
    assert_eq!(ctx.behind(&["a", "b", "c"]).await, [false, true, true]);
    assert_eq!(app.run(&opening("w", &log, done)).await.done, 3);
    assert_eq!(log.names(), ["a", "a", "a", "b", "c"]);
    app.sound().await;
}

#[tokio::test]
async fn a_lane_that_was_let_go_on_waits_again_until_one_of_it_was_tried() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects(["a", "b"].map(|name| in_lane(&ctx, name, "pr-1"))).await;
    let now = ctx.now();
    let dismiss = |it: AnyEffect, by: &Actor| match it {
        AnyEffect::Pending(due) => due.dismiss(by, "nobody needs it", now).unwrap().into(),
        other => panic!("{other:?}"),
    };
    let again = |it: AnyEffect, by: &Actor| match it {
        AnyEffect::GaveUp(it) => it.again(by, now).unwrap().into(),
        other => panic!("{other:?}"),
    };
    let went_on = async || ctx.store.read().await.unwrap().lane_went_on(&id("a")).await.unwrap();
    ctx.decide("a", dismiss).await;
    assert_eq!(ctx.behind(&["b"]).await, [false]);
    ctx.decide("a", again).await;
    assert_eq!((ctx.behind(&["a", "b"]).await, went_on().await), (vec![false, true], false));
    ctx.decide("a", dismiss).await;
    app.run(&opening("w", &Log::default(), done)).await;
    assert!(went_on().await);
    assert!(!ctx.store.read().await.unwrap().lane_went_on(&id("b")).await.unwrap());
}

/// Does nothing, and ends in a transaction that lasts until it may.
struct Ending {
    begun: Arc<Notify>,
    may_end: Arc<Notify>,
}

#[async_trait]
impl Handler for Ending {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    async fn perform(&self, _: &EffectRecord) -> Outcome {
        Outcome::Done(json!({}))
    }
    async fn settle(&self, _: &mut dyn Tx, _: &EffectRecord, _: &Value) -> Result<(), FlowError> {
        self.begun.notify_one();
        self.may_end.notified().await;
        Ok(())
    }
}

/// Two products publish the same branch of one repository: whoever adds to its lane sees what ends at that moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_another_product_adds_is_not_left_behind_one_that_ends_meanwhile() {
    let ctx = Arc::new(Ctx::new().await);
    ctx.another_product("q").await;
    let (app, begun, may_end) = (App::new(&ctx).await, Arc::new(Notify::new()), Arc::new(Notify::new()));
    ctx.add_effects([in_lane(&ctx, "first", "branch")]).await;
    let ending = Ending { begun: begun.clone(), may_end: may_end.clone() };
    let handlers = Handlers::new(super::process("w")).with(ending);
    let added = async {
        begun.notified().await;
        let adder = Arc::clone(&ctx);
        let adding = tokio::spawn(async move {
            let new = NewEffect { product: id("q"), ..in_lane(&adder, "second", "branch") };
            let mut tx = adder.store.begin().await.unwrap();
            tx.hold(Of::Product(&id("q")), None).await.unwrap();
            tx.add_effect(&new, &stamp()).await.unwrap();
            tx.commit().await.unwrap();
        });
        let as_far_as_it_comes = async || adding.is_finished() || ONE_WRITER || ctx.somebody_waits().await;
        until("it is added, or waits", as_far_as_it_comes).await;
        may_end.notify_one();
        adding.await.unwrap();
    };
    let (performed, ()) = tokio::join!(
        async { app.app.run_effects(&handlers, 1, &CancellationToken::new()).await.unwrap() },
        added
    );
    assert_eq!(performed.done, 1);
    assert_eq!((ctx.status("first").await, ctx.behind(&["second"]).await), (Status::Done, vec![false]));
    may_end.notify_one();
    assert_eq!(app.run(&handlers).await.done, 1);
    app.sound().await;
}

const LANES: usize = 4;
const EACH: usize = 12;

/// Effects of every lane are added while several processes try them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_order_holds_while_others_add_and_others_try() {
    let ctx = std::sync::Arc::new(Ctx::new().await);
    let (log, mut tasks) = (Log::default(), JoinSet::new());
    let adder = std::sync::Arc::clone(&ctx);
    tasks.spawn(async move {
        for number in 0..EACH {
            for lane in 0..LANES {
                let new = in_lane(&adder, &format!("l{lane}-{number:02}"), &format!("lane {lane}"));
                adder.add_effects([new]).await;
            }
        }
    });
    for process in 0..3 {
        let (ctx, log) = (std::sync::Arc::clone(&ctx), log.clone());
        tasks.spawn(async move {
            let app = App::new(&ctx).await;
            let handlers = opening(&format!("w{process}"), &log, done);
            while log.names().len() < LANES * EACH {
                app.run(&handlers).await;
            }
        });
    }
    tasks.join_all().await;
    let mut lanes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in log.names() {
        lanes.entry(name.split('-').next().unwrap().to_owned()).or_default().push(name);
    }
    for (lane, names) in lanes {
        let expected: Vec<String> = (0..EACH).map(|number| format!("{lane}-{number:02}")).collect();
        assert_eq!(names, expected);
    }
    App::new(&ctx).await.sound().await;
}
