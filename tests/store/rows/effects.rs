//! Effects, and the number that fences their tries.

use sprintgate::domain::actor::Actor;
use sprintgate::domain::effect::{self, Effect};
use sprintgate::domain::job::LEASE;
use sprintgate::store::{Change, NewEffect, StoreError};

use super::super::ctx::{Ctx, id, stamp};
use super::super::outbox::all_is_told;
use super::super::raw::{attempt, connect};
use super::moved::{NOW, begin, in_state, moved};

#[tokio::test]
async fn effects() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let mut tx = begin(&ctx).await;
    let state = effect::Pending { due_at: NOW };
    let pending = Effect { id: id("e"), kind: effect::Kind::OpenPr, tries: 0, tries_max: 2, state };
    let payload = serde_json::json!({"branch": "feat/x"});
    let new = NewEffect {
        effect: pending.clone(),
        product: id("p"),
        job: Some(id("j")),
        payload: payload.clone(),
        host: None,
        lane: None,
        key: None,
    };
    tx.add_effect(&new, &stamp()).await.unwrap();
    let read = tx.effect(&id("e")).await.unwrap().unwrap();
    assert_eq!(
        (read.row, read.product, read.job, read.payload),
        (pending.clone().into(), id("p"), Some(id("j")), payload)
    );
    macro_rules! moved_to {
        ($state:ident, $step:expr) => {
            in_state!(
                moved!(
                    tx,
                    effect,
                    Change::Effect,
                    effect::AnyEffect,
                    tx.effect(&id("e")).await.unwrap().unwrap().row,
                    $step
                ),
                effect::AnyEffect::$state
            )
        };
    }
    let person = Actor::Human(id("u"));
    let stale = pending.clone().start(id("w2"), NOW, LEASE).unwrap();
    let running = moved_to!(Running, pending.start(id("w1"), NOW, LEASE).unwrap());
    let first = running.clone();
    let retry = moved_to!(Retry, running.fail(1, "no answer", NOW).unwrap());
    let due = retry.state.due_at;
    let running = moved_to!(Running, retry.start(id("w1"), due, LEASE).unwrap());
    let spent = moved_to!(GaveUp, running.fail(2, "no answer", due).unwrap());
    let pending = moved_to!(Pending, spent.again(&person, due).unwrap());
    let dismissed = moved_to!(GaveUp, pending.dismiss(&person, "nobody needs it", due).unwrap());
    let pending = moved_to!(Pending, dismissed.again(&person, due).unwrap());
    let running = moved_to!(Running, pending.start(id("w3"), due, LEASE).unwrap());
    // The first try speaks up late: the same status, and another number.
    let late = first.succeed(1, due).unwrap();
    let error = tx.apply(Change::Effect(late.into()), &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Lost { machine: "effect", expected: "RUNNING", .. }), "{error}");
    let error = tx.apply(Change::Effect(stale.into()), &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Lost { expected: "PENDING", .. }), "{error}");
    moved_to!(Done, running.succeed(3, due).unwrap());
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
    let mut raw = connect(&ctx).await;
    let said = attempt(&mut raw, "UPDATE effects SET tries = 0").await;
    assert_eq!(said, Err("effect: the number of tries grows by one with a start".into()));
}
