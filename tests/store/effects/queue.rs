//! What is due, what has run out, who holds it, and how many there are.

use sprintgate::domain::effect::{Change as EffectChange, Kind, LEASE, Pending, Status};
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::store::*;

use super::super::ctx::{Ctx, id, stamp};
use super::super::database::ONE_WRITER;
use super::{any, effect};

async fn due(ctx: &Ctx, kind: Kind, host: Option<&str>, limit: u32) -> Vec<String> {
    let names =
        |page: Vec<EffectRecord>| page.into_iter().map(|it| it.row.id.to_string()).collect::<Vec<_>>();
    let read = ctx.store.read().await.unwrap().due_effects(kind, host, limit).await.unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    let taken = tx.due_effects(kind, host, limit).await.unwrap();
    // One that is only dropped is undone a moment later, and its locks last until then.
    tx.commit().await.unwrap();
    assert_eq!(taken, read);
    names(taken)
}

/// Begins a try of it; nothing else is changed.
async fn start(ctx: &Ctx, name: &str, lease: Millis) {
    let mut tx = ctx.store.begin().await.unwrap();
    let record = tx.effect(&id(name)).await.unwrap().unwrap();
    let change: EffectChange = match any(&record) {
        sprintgate::domain::effect::AnyEffect::Pending(due) => {
            due.start(id("w"), tx.now(), lease).unwrap().into()
        }
        other => panic!("{other:?}"),
    };
    tx.apply(Change::Effect(change), &stamp()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_first_due_first_of_one_kind_and_one_machine() {
    let ctx = Ctx::new().await;
    let at = |mut new: NewEffect, due_at: Timestamp| {
        new.effect.state = Pending { due_at };
        new
    };
    let now = ctx.now();
    ctx.add_effects([
        at(effect(&ctx, "b", Kind::OpenPr), now),
        at(effect(&ctx, "a", Kind::OpenPr), now),
        at(effect(&ctx, "early", Kind::OpenPr), Timestamp(now.0 - 1)),
        at(effect(&ctx, "late", Kind::OpenPr), Timestamp(now.0 + 1)),
        effect(&ctx, "closes", Kind::ClosePr),
        NewEffect { host: Some("here".into()), ..effect(&ctx, "here", Kind::OpenPr) },
    ])
    .await;
    assert_eq!(due(&ctx, Kind::OpenPr, None, 10).await, ["early", "a", "b"]);
    assert_eq!(due(&ctx, Kind::OpenPr, None, 2).await, ["early", "a"]);
    assert_eq!(due(&ctx, Kind::OpenPr, Some("here"), 10).await, ["here"]);
    assert_eq!(due(&ctx, Kind::OpenPr, Some("there"), 10).await, [""; 0]);
    assert_eq!(due(&ctx, Kind::ClosePr, None, 10).await, ["closes"]);
    assert_eq!(due(&ctx, Kind::MarkDraft, None, 10).await, [""; 0]);
    ctx.pass(1);
    assert_eq!(due(&ctx, Kind::OpenPr, None, 10).await, ["early", "a", "b", "late"]);
    start(&ctx, "early", LEASE).await;
    assert_eq!(due(&ctx, Kind::OpenPr, None, 10).await, ["a", "b", "late"]);
}

#[tokio::test]
async fn what_one_transaction_takes_another_passes_over() {
    if ONE_WRITER {
        return;
    }
    let ctx = Ctx::new().await;
    ctx.add_effects(["a", "b", "c"].map(|name| effect(&ctx, name, Kind::OpenPr))).await;
    let mut one = ctx.store.begin().await.unwrap();
    let mut other = ctx.store.begin().await.unwrap();
    assert_eq!(one.due_effects(Kind::OpenPr, None, 2).await.unwrap().len(), 2);
    let rest = other.due_effects(Kind::OpenPr, None, 10).await.unwrap();
    assert_eq!(rest.iter().map(|it| it.row.id.as_str()).collect::<Vec<_>>(), ["c"]);
    drop(one);
    // A transaction that is dropped is undone a moment later.
    let mut third = ctx.store.begin().await.unwrap();
    while third.due_effects(Kind::OpenPr, None, 10).await.unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_lease_runs_out_unless_its_own_try_renews_it() {
    let ctx = Ctx::new().await;
    ctx.add_effects(["a", "b"].map(|name| effect(&ctx, name, Kind::OpenPr))).await;
    start(&ctx, "a", Millis(10)).await;
    start(&ctx, "b", Millis(5)).await;
    let expired = async || {
        let mut tx = ctx.store.begin().await.unwrap();
        let expired = tx.expired_effects(10).await.unwrap();
        // What is only dropped is undone a moment later, and keeps its rows locked so long.
        tx.commit().await.unwrap();
        expired.iter().map(|it| it.row.id.to_string()).collect::<Vec<_>>()
    };
    ctx.pass(10);
    assert_eq!(expired().await, ["b"]);
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.renew_effect(&id("a"), 1, Millis(7)).await.unwrap());
    assert!(!tx.renew_effect(&id("a"), 2, Millis(99)).await.unwrap(), "another try");
    assert!(!tx.renew_effect(&id("x"), 1, Millis(99)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(ctx.effect("a").await.row.lease_until, Some(ctx.now() + Millis(7)));
    ctx.pass(7);
    assert_eq!(expired().await, ["b"]);
    ctx.pass(1);
    assert_eq!(expired().await, ["b", "a"], "the oldest lease first");
    let mut tx = ctx.store.begin().await.unwrap();
    assert_eq!(tx.expired_effects(1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn lists_and_counts_show_what_a_user_can_see() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_user(&NewUser { id: id("u2"), username: "bob".into(), is_demo: false }).await.unwrap();
    tx.commit().await.unwrap();
    ctx.add_effects(["a", "b"].map(|name| effect(&ctx, name, Kind::OpenPr))).await;
    ctx.pass(1000);
    ctx.add_effects(["c", "d"].map(|name| effect(&ctx, name, Kind::ClosePr))).await;
    start(&ctx, "c", LEASE).await;
    let mut tx = ctx.store.read().await.unwrap();
    let pending = tx.effects_in(&id("u"), Status::Pending, 2).await.unwrap();
    assert_eq!(pending.iter().map(|it| it.row.id.as_str()).collect::<Vec<_>>(), ["d", "b"]);
    assert_eq!(tx.effects_in(&id("u2"), Status::Pending, 2).await.unwrap(), []);
    let counted = |counts: Vec<EffectCount>| {
        let line = |it: EffectCount| (it.status, it.kind, it.effects, ctx.now().0 - it.oldest.0);
        counts.into_iter().map(line).collect::<Vec<_>>()
    };
    let all = [
        (Status::Pending, Kind::ClosePr, 1, 0),
        (Status::Pending, Kind::OpenPr, 2, 1000),
        (Status::Running, Kind::ClosePr, 1, 0),
    ];
    assert_eq!(counted(tx.count_effects(None).await.unwrap()), all);
    assert_eq!(counted(tx.count_effects(Some(&id("u"))).await.unwrap()), all);
    assert_eq!(tx.count_effects(Some(&id("u2"))).await.unwrap(), []);
}
