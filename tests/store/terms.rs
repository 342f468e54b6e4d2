//! Terms of office: one holder at a time, by the database's clock.

use std::sync::Arc;

use sprintgate::domain::time::Millis;
use sprintgate::store::Store;

use super::ctx::Ctx;

const LENGTH: Millis = Millis::seconds(15);

async fn takes(ctx: &Ctx, who: &str) -> bool {
    let mut tx = ctx.store.begin().await.unwrap();
    let taken = tx.take_office("keeper", who, LENGTH).await.unwrap();
    tx.commit().await.unwrap();
    taken
}

async fn holder(ctx: &Ctx) -> Option<String> {
    let term = ctx.store.read().await.unwrap().term("keeper").await.unwrap()?;
    assert!(term.since <= ctx.now() && ctx.now() < term.until, "{term:?}");
    Some(term.holder)
}

#[tokio::test]
async fn a_term_is_renewed_ends_by_itself_or_is_laid_down() {
    let ctx = Ctx::new().await;
    assert_eq!(holder(&ctx).await, None);
    assert!(takes(&ctx, "one").await && !takes(&ctx, "two").await);
    ctx.pass(14_999);
    assert!(!takes(&ctx, "two").await && takes(&ctx, "one").await, "renewed before its end");
    ctx.pass(14_999);
    assert_eq!(holder(&ctx).await.as_deref(), Some("one"));
    assert!(!takes(&ctx, "two").await);
    ctx.pass(1);
    assert_eq!(holder(&ctx).await, None);
    assert!(takes(&ctx, "two").await && !takes(&ctx, "one").await);
    let since = ctx.store.read().await.unwrap().term("keeper").await.unwrap().unwrap().since;
    assert_eq!(since, ctx.now());

    let leave = async |who: &str| {
        let mut tx = ctx.store.begin().await.unwrap();
        tx.leave_office("keeper", who).await.unwrap();
        tx.commit().await.unwrap();
    };
    leave("one").await;
    assert_eq!(holder(&ctx).await.as_deref(), Some("two"), "nobody lays down what another holds");
    leave("two").await;
    assert_eq!(holder(&ctx).await, None);
    assert!(takes(&ctx, "one").await);
}

#[tokio::test]
async fn a_clock_that_steps_back_two_days_leaves_no_office_without_a_holder() {
    let ctx = Ctx::new().await;
    assert!(takes(&ctx, "one").await);
    ctx.pass(-2 * 24 * 3_600_000);
    assert!(takes(&ctx, "two").await && !takes(&ctx, "one").await);
}

/// A transaction that began before another one may come after it, and a clock may be set back by a little.
#[tokio::test]
async fn who_is_a_moment_behind_takes_no_office_from_its_holder() {
    let ctx = Ctx::new().await;
    assert!(takes(&ctx, "one").await);
    for back in [1, 1, 14_998] {
        ctx.pass(-back);
        assert!(!takes(&ctx, "two").await, "{back}");
    }
    ctx.pass(15_000);
    assert_eq!(holder(&ctx).await.as_deref(), Some("one"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_who_want_an_office_one_gets_it() {
    let ctx = Arc::new(Ctx::new().await);
    for _ in 0..5 {
        let wants = (0..16).map(|n| {
            let ctx = Arc::clone(&ctx);
            async move { takes(&ctx, &format!("p{n}")).await }
        });
        let taken = wants.collect::<tokio::task::JoinSet<_>>().join_all().await;
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
        ctx.pass(LENGTH.0);
    }
}
