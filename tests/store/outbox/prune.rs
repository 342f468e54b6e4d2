//! What is old and handled goes, in batches, and nothing else.

use sprintgate::domain::time::Timestamp;
use sprintgate::store::{Place, Store};
use sqlx::Executor;

use super::super::ctx::Ctx;
use super::super::database::settled;
use super::super::keeper::another;
use super::super::raw::{attempt, connect};
use super::all;

async fn prune(ctx: &Ctx, before: Timestamp, limit: u32) -> u64 {
    let mut tx = ctx.store.begin().await.unwrap();
    let pruned = tx.prune_events(before, limit).await.unwrap();
    tx.commit().await.unwrap();
    pruned
}

async fn consumer(ctx: &Ctx, name: &str, place: Place) {
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_consumer(name, Place::START).await.unwrap();
    tx.advance(name, place).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_a_consumer_has_not_handled_stays_however_old() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let events = all(&ctx).await;
    let old = Timestamp(ctx.now().0 + 1);
    consumer(&ctx, "fast", events[3].place).await;
    consumer(&ctx, "slow", events[1].place).await;
    assert_eq!(prune(&ctx, old, 1000).await, 2);
    assert_eq!(all(&ctx).await, events[2..]);
    assert_eq!(prune(&ctx, old, 1000).await, 0);

    let mut raw = connect(&ctx).await;
    let unseen = Err("outbox: a consumer has not seen this event".to_owned());
    assert_eq!(attempt(&mut raw, "DELETE FROM outbox").await, unseen);

    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.forget_consumer("slow").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(prune(&ctx, old, 1000).await, 2, "what the fast one has handled");
    assert_eq!(all(&ctx).await, events[4..]);
}

#[tokio::test]
async fn what_is_young_stays_although_nobody_needs_it() {
    let ctx = Ctx::new().await;
    let before = ctx.now();
    let old = all(&ctx).await.len() as u64;
    ctx.pass(1000);
    ctx.job("j").await;
    assert_eq!(prune(&ctx, before, 1000).await, 0, "as old as that is not older");
    assert_eq!(prune(&ctx, ctx.now(), 1000).await, old);
    assert_eq!(all(&ctx).await.len(), 2);
    assert!(all(&ctx).await.iter().all(|record| record.event.at == ctx.now()));
}

#[tokio::test]
async fn a_batch_is_bounded_and_begins_with_the_oldest() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let events = all(&ctx).await;
    let old = Timestamp(ctx.now().0 + 1);
    assert_eq!(prune(&ctx, old, 2).await, 2);
    assert_eq!(all(&ctx).await, events[2..]);
    assert_eq!(prune(&ctx, old, 1000).await, events.len() as u64 - 2);
    assert_eq!(all(&ctx).await, []);
}

#[tokio::test]
async fn a_number_is_not_given_again_when_everything_is_gone() {
    let ctx = Ctx::new().await;
    let last = all(&ctx).await.last().unwrap().place;
    consumer(&ctx, "mail", last).await;
    prune(&ctx, Timestamp(ctx.now().0 + 1), 1000).await;
    assert_eq!(all(&ctx).await, []);
    ctx.job("j").await;
    settled(&ctx).await;
    let news = ctx.store.read().await.unwrap().events_after(last, 10).await.unwrap();
    assert_eq!(news.len(), 2, "the consumer that has handled everything hears of them");
    assert!(news[0].place > last);
}

/// A sweep that found no end would take nothing back meanwhile.
#[tokio::test]
async fn one_sweep_deletes_so_many_and_the_next_one_goes_on() {
    const MANY: u64 = 12_000;
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    raw.execute(sqlx::AssertSqlSafe(format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) \
         INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, to_status, product_id, payload) \
         SELECT 0, 1, 'task', 'task', 'k' || i, 1, 'begin', 'IN_PROGRESS', 'p', '{{}}' FROM n"
    )))
    .await
    .unwrap();
    settled(&ctx).await;
    let app = another(&ctx).await;
    ctx.pass(8 * 24 * 3_600_000);
    let first = app.sweep().await.unwrap().pruned_events;
    assert_eq!(first, 10_000);
    assert!(app.sweep().await.unwrap().pruned_events >= MANY - first);
    assert_eq!(all(&ctx).await, []);
}
