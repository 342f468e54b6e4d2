//! Lanes: one after the other, whoever tries; one that was given up holds the others up until a person decides.

use std::collections::BTreeMap;

use sprintgate::domain::actor::Actor;
use sprintgate::domain::effect::{AnyEffect, Change as EffectChange, Kind, Status};
use sprintgate::flow::{EffectRecord, Outcome};
use sprintgate::store::*;
use tokio::task::JoinSet;

use super::super::ctx::{Ctx, id, stamp};
use super::{App, Log, any, done, effect, in_lane, opening};

impl Ctx {
    async fn behind(&self, names: &[&str]) -> Vec<bool> {
        let mut behind = Vec::new();
        for name in names {
            behind.push(self.effect(name).await.behind);
        }
        behind
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
