//! Consumers: a place each, that moves forward when they say so.

use sprintgate::store::{Place, Store, Unseen};

use super::super::ctx::Ctx;
use super::super::raw::{attempt, connect};
use super::all;

async fn add(ctx: &Ctx, name: &str) {
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_consumer(name, Place::START).await.unwrap();
    tx.commit().await.unwrap();
}

async fn advance(ctx: &Ctx, name: &str, place: Place) -> bool {
    let mut tx = ctx.store.begin().await.unwrap();
    let moved = tx.advance(name, place).await.unwrap();
    tx.commit().await.unwrap();
    moved
}

async fn place(ctx: &Ctx, name: &str) -> Option<Place> {
    ctx.store.read().await.unwrap().consumer(name).await.unwrap().map(|consumer| consumer.place)
}

#[tokio::test]
async fn a_place_moves_forward_only() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let events = all(&ctx).await;
    add(&ctx, "mail").await;
    assert_eq!(place(&ctx, "mail").await, Some(Place::START));
    ctx.pass(5);
    assert!(advance(&ctx, "mail", events[2].place).await);
    assert!(!advance(&ctx, "mail", events[1].place).await);
    assert!(advance(&ctx, "mail", events[2].place).await, "a sign of life");
    assert_eq!(place(&ctx, "mail").await, Some(events[2].place));
    let kept = ctx.store.read().await.unwrap().consumer("mail").await.unwrap().unwrap();
    assert_eq!((kept.seen_at, kept.created_at.0 + 5), (ctx.now(), ctx.now().0));

    // A name that is there keeps its place, whoever comes.
    add(&ctx, "mail").await;
    assert_eq!(place(&ctx, "mail").await, Some(events[2].place));
    let mut raw = connect(&ctx).await;
    let back = "UPDATE outbox_consumers SET place_seq = 1";
    assert_eq!(attempt(&mut raw, back).await, Err("outbox: a place moves forward".to_owned()));
    let long = format!("INSERT INTO outbox_consumers VALUES ('{}', 0, 0, 1, 1)", "x".repeat(65));
    assert_eq!(attempt(&mut raw, &long).await, Err("CHECK constraint failed: name_is_short".to_owned()));
}

#[tokio::test]
async fn each_has_their_own_and_can_be_forgotten() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let events = all(&ctx).await;
    for name in ["web", "mail", "audit"] {
        add(&ctx, name).await;
    }
    advance(&ctx, "mail", events[1].place).await;
    advance(&ctx, "web", events.last().unwrap().place).await;
    let mut tx = ctx.store.begin().await.unwrap();
    let names: Vec<String> = tx.consumers(2).await.unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["audit", "mail"]);
    let rest = events.len() as i64;
    let unseen = |events: i64| Unseen { events, is_more: false, since: (events > 0).then(|| ctx.now()) };
    for (name, behind) in [("audit", rest), ("mail", rest - 2), ("web", 0)] {
        let place = tx.consumer(name).await.unwrap().unwrap().place;
        assert_eq!(tx.unseen(place).await.unwrap(), unseen(behind), "{name}");
    }
    assert_eq!(tx.slowest_consumer().await.unwrap().unwrap().name, "audit");
    assert!(tx.forget_consumer("audit").await.unwrap());
    assert!(!tx.forget_consumer("audit").await.unwrap());
    assert!(!tx.advance("audit", Place::END).await.unwrap());
    assert_eq!(tx.slowest_consumer().await.unwrap().unwrap().name, "mail");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_newest_and_the_oldest() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let events = all(&ctx).await;
    let mut tx = ctx.store.read().await.unwrap();
    assert_eq!(tx.newest_events(3).await.unwrap(), events[events.len() - 3..]);
    assert_eq!(tx.newest_events(1000).await.unwrap(), events);
    assert_eq!(tx.oldest_event().await.unwrap(), Some((events[0].place, ctx.now())));
    assert_eq!(tx.events_after(events[1].place, 2).await.unwrap(), events[2..4]);
    assert_eq!(tx.events_after(Place::END, 2).await.unwrap(), []);
}
