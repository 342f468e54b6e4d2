//! Ten thousand events that wait: read in pages of one size, pruned in batches of one size, none lost. `benches/backlog`
//! does it with a hundred thousand.

use sprintgate::domain::time::Timestamp;
use sprintgate::store::{Place, Store};
use sqlx::{AssertSqlSafe, Executor};

use super::super::ctx::Ctx;
use super::super::database::settled;
use super::super::raw::connect;

const EVENTS: i64 = 10_000;
const PAGE: u32 = 200;

#[tokio::test]
async fn a_long_backlog_is_handled_page_by_page_and_goes_batch_by_batch() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    raw.execute(AssertSqlSafe(format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {EVENTS}) \
         INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, to_status, product_id, payload) \
         SELECT 0, 1, 'task', 'task', 'k' || (i % 1000), 1 + i / 1000, 'begin', 'IN_PROGRESS', 'p', '{{}}' FROM n"
    )))
    .await
    .unwrap();
    settled(&ctx).await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_consumer("mail", Place::START).await.unwrap();
    tx.commit().await.unwrap();
    let all = ctx.store.read().await.unwrap().unseen(Place::START).await.unwrap().events;
    assert!(all > EVENTS);

    let (mut handled, mut pages) = (0, 0);
    loop {
        let mut tx = ctx.store.begin().await.unwrap();
        let place = tx.consumer("mail").await.unwrap().unwrap().place;
        let page = tx.events_after(place, PAGE).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() == PAGE as usize || handled + page.len() as i64 == all, "each page is full");
        handled += page.len() as i64;
        pages += 1;
        assert!(tx.advance("mail", last.place).await.unwrap());
        tx.commit().await.unwrap();
        if pages % 20 != 0 {
            continue;
        }
        // Counted now and then only: a count reads all that it counts.
        assert_eq!(ctx.store.read().await.unwrap().unseen(last.place).await.unwrap().events, all - handled);
        // Meanwhile what was handled goes, up to the place and not beyond.
        let mut tx = ctx.store.begin().await.unwrap();
        while tx.prune_events(Timestamp(ctx.now().0 + 1), 1000).await.unwrap() == 1000 {}
        assert!(tx.oldest_event().await.unwrap().is_none_or(|(oldest, _)| oldest > last.place));
        tx.commit().await.unwrap();
    }
    assert_eq!((handled, pages), (all, (all + i64::from(PAGE) - 1) / i64::from(PAGE)));
}
