//! Numbers of codes: one after the other, none twice, none lost to a transaction that was undone.

use sprintgate::store::{CodeKind, Store};

use super::ctx::{Ctx, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_never_repeat() {
    let ctx = std::sync::Arc::new(Ctx::new().await);
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..40 {
        let ctx = std::sync::Arc::clone(&ctx);
        tasks.spawn(async move {
            let mut tx = ctx.store.begin().await.unwrap();
            let number = tx.next_number(&id("p"), CodeKind::Task).await.unwrap();
            if n % 4 == 0 {
                return None;
            }
            tx.commit().await.unwrap();
            Some(number)
        });
    }
    let mut numbers: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=30).collect::<Vec<i64>>());

    let mut tx = ctx.store.begin().await.unwrap();
    assert_eq!(tx.next_number(&id("p"), CodeKind::Story).await.unwrap(), 1);
}
