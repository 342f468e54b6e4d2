//! Prices, numbers of ideas, the idea of a job, and when a sprint was closed.

use sprintgate::domain::backlog::sprint::Status;
use sprintgate::domain::job::Kind;
use sprintgate::domain::usage::{MicroUnits, ModelId, Price};
use sprintgate::store::{NewJob, PriceRecord, Store, StoreError};

use super::super::ctx::{Ctx, id, idea, job_of, stamp};

fn price(model: &str, input: u64) -> PriceRecord {
    let price = Price {
        input: MicroUnits(input),
        output: MicroUnits(75_000_001),
        cache_read: MicroUnits(1),
        cache_write: MicroUnits(999_999_000_000),
    };
    PriceRecord { model: ModelId::new(model).unwrap(), price, currency: "USD".into() }
}

#[tokio::test]
async fn a_price_comes_back_to_the_millionth() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.set_price(&price("sonnet", 3_000_000)).await.unwrap();
    tx.set_price(&price("opus", 14_999_999)).await.unwrap();
    tx.set_price(&price("opus", 15_000_003)).await.unwrap();
    let all = tx.prices(9).await.unwrap();
    assert_eq!(all, [price("opus", 15_000_003), price("sonnet", 3_000_000)]);
    assert_eq!(tx.prices(1).await.unwrap().len(), 1);
    let error = tx.set_price(&price("opus", u64::MAX)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Refused { rule } if rule == "prices_in_range"), "{error}");
    tx.commit().await.unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    let error = tx.set_price(&price("opus", 999_999_000_001)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Refused { rule } if rule == "prices_in_range"), "{error}");
}

#[tokio::test]
async fn ideas_of_a_user_are_numbered_once() {
    let ctx = Ctx::new().await;
    for expected in 1..=3 {
        let mut tx = ctx.store.begin().await.unwrap();
        assert_eq!(tx.next_idea_number(&id("u")).await.unwrap(), expected);
        tx.commit().await.unwrap();
    }
    let mut tx = ctx.store.begin().await.unwrap();
    assert_eq!(tx.next_idea_number(&id("u")).await.unwrap(), 4);
    drop(tx);
    let mut tx = ctx.store.begin().await.unwrap();
    assert_eq!(tx.next_idea_number(&id("u")).await.unwrap(), 4, "it was undone");
    assert!(matches!(tx.next_idea_number(&id("nobody")).await, Err(StoreError::Refused { .. })));
}

#[tokio::test]
async fn a_job_of_an_idea_says_so_when_it_is_queued_and_whenever_it_moves() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_idea(&idea("i"), &stamp()).await.unwrap();
    let new = NewJob { task: None, idea: Some(id("i")), kind: Kind::IdeaGrill, ..job_of("j") };
    tx.add_job(&new, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    let record = ctx.record(&id("j")).await;
    assert_eq!((record.idea, record.task), (Some(id("i")), None));
    ctx.claim(&id("j")).await;
    super::super::database::settled(&ctx).await;
    let events = ctx.store.read().await.unwrap().newest_events(20).await.unwrap();
    let told: Vec<String> = events
        .into_iter()
        .filter(|record| record.event.machine == "job")
        .map(|record| sprintgate::domain::event::wire(&record.event, |at| at.to_string()).to_string())
        .collect();
    assert_eq!(told.len(), 2);
    assert!(
        told[0].starts_with(r#"{"type":"claude_job_enqueued","job_id":"j","idea_id":"i","user_id":"u""#),
        "{told:?}"
    );
    assert!(
        told[1].starts_with(r#"{"type":"claude_job_status","job_id":"j","idea_id":"i","user_id":"u""#),
        "{told:?}"
    );
    assert!(
        told.iter().all(|line| line.contains(r#""kind":"IDEA_GRILL""#) && !line.contains("task_id")),
        "{told:?}"
    );

    let mut tx = ctx.store.begin().await.unwrap();
    let both = NewJob { idea: Some(id("i")), ..job_of("k") };
    tx.add_task(&super::super::ctx::task("k"), &stamp()).await.unwrap();
    let error = tx.add_job(&both, &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Refused { rule } if rule == "kind_says_of_what"), "{error}");
}

#[tokio::test]
async fn a_sprint_knows_when_it_was_closed() {
    use sprintgate::domain::backlog::{sprint, story};
    use sprintgate::store::Change;
    let ctx = Ctx::new().await;
    let shifts = [(Status::Open, story::Status::Done), (Status::Closed, story::Status::Open)];
    let mut tx = ctx.store.begin().await.unwrap();
    let mut closed = Vec::new();
    for (from, story) in [shifts[0], shifts[1], shifts[0]] {
        let shift = sprint::derive(from, &[story]).unwrap();
        tx.apply(Change::Sprint { id: id("s"), shift }, &stamp()).await.unwrap();
        closed.push(tx.sprint(&id("u"), &id("s")).await.unwrap().unwrap().completed_at);
    }
    let shift = sprint::archive(Status::Closed).unwrap();
    tx.apply(Change::Sprint { id: id("s"), shift }, &stamp()).await.unwrap();
    closed.push(tx.sprint(&id("u"), &id("s")).await.unwrap().unwrap().completed_at);
    let now = Some(ctx.now());
    assert_eq!(closed, [now, None, now, now]);
}
