//! What is written, by whom it can be seen, and that nothing is told of what did not happen.

use sprintgate::domain::event::Payload;
use sprintgate::domain::job::{Failure, Kind, Stop};
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;
use sprintgate::domain::worker::{self, Percent, Quota, Worker};
use sprintgate::store::{Change, NewWorker, Store};

use super::super::ctx::{Ctx, NOON, id, job_of, stamp, task};
use super::super::database::{LOOSE_TYPES, ONE_WRITER};
use super::super::raw::{attempt, connect};
use super::{all, all_is_told, lines};

#[tokio::test]
async fn every_row_of_the_ledger_is_told_to_those_whom_it_concerns() {
    let ctx = Ctx::new().await;
    let run = ctx.run("r").await;
    for (n, end) in ["done", "failed", "cancelled", "back", "late"].into_iter().enumerate() {
        let job = ctx.job(&format!("j{n}")).await;
        ctx.claim(&job).await;
        match end {
            "back" => ctx.release(&job).await,
            "late" => {
                ctx.pass(300_001);
                ctx.expire(&job).await;
            }
            _ => ctx.start(&job).await,
        }
        match end {
            "done" => ctx.finish(&job).await,
            "failed" => ctx.fail(&job, Failure::Reported("no".into())).await,
            "cancelled" => ctx.cancel(&job, Stop::by_user("not needed")).await,
            _ => {}
        }
    }
    assert_eq!(run.as_str(), "r");
    assert!(all_is_told(&ctx).await > 25);
    for record in all(&ctx).await {
        let event = record.event;
        assert_eq!(event.product, Some(id("p")), "{event:?}");
        // What has an owner is told to them; the backlog is everybody's who sees the product.
        let owned = ["job", "attempt", "sprint_run"].contains(&event.machine.as_str());
        assert_eq!(event.user, owned.then(|| id("u")), "{event:?}");
        assert_eq!(record.place.xid == 0, ONE_WRITER);
    }
}

#[tokio::test]
async fn a_jobs_events_say_where_it_is() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("j"), &stamp()).await.unwrap();
    let new = sprintgate::store::NewJob { branch: Some("feat/a".into()), ..job_of("j") };
    tx.add_job(&new, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    let job = id("j");
    ctx.claim(&job).await;
    ctx.start(&job).await;
    ctx.finish(&job).await;
    let of_job: Vec<Payload> = all(&ctx)
        .await
        .into_iter()
        .filter(|record| record.event.machine == "job")
        .map(|record| record.event.payload)
        .collect();
    let there = Payload {
        task_id: Some(id("j")),
        kind: Some(Kind::TaskImplementation),
        branch: Some("feat/a".into()),
        ..Payload::default()
    };
    let pushed_at = Some(ctx.now());
    let done = Payload { verify_result: Some(VerifyResult::Aligned), pushed_at, ..there.clone() };
    assert_eq!(of_job, [there.clone(), there.clone(), there, done]);
}

#[tokio::test]
async fn what_was_undone_refused_or_lost_is_not_told() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    ctx.claim(&job).await;
    let before = lines(&ctx).await;

    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("k"), &stamp()).await.unwrap();
    tx.add_job(&job_of("k"), &stamp()).await.unwrap();
    drop(tx);
    assert_eq!(lines(&ctx).await, before);

    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.add_job(&job_of("j"), &stamp()).await.is_err());
    assert!(tx.commit().await.is_err());
    assert_eq!(lines(&ctx).await, before);

    let sprintgate::domain::job::AnyJob::Claimed(claimed) = ctx.any(&job).await else { panic!() };
    let step = claimed.clone().expire(Timestamp(NOON + 1_000_000));
    let late = step.unwrap();
    ctx.release(&job).await;
    let released = lines(&ctx).await;
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.apply(Change::Job(late.into()), &stamp()).await.is_err());
    tx.commit().await.unwrap();
    assert_eq!(lines(&ctx).await, released);
    assert_eq!(released.len(), before.len() + 2, "the job waits again, and the attempt has ended");
}

#[tokio::test]
async fn a_worker_that_tells_of_its_quota_is_heard() {
    let ctx = Ctx::new().await;
    let quota = |left, at| Some(Quota { left: Percent::new(left).unwrap(), checked_at: Timestamp(at) });
    let state = worker::Present { started_at: ctx.now(), last_seen_at: ctx.now(), quota: None };
    let worker = Worker { token: id("t"), instance: id("w-1"), state };
    let new = NewWorker { worker, user: id("u"), product: Some(id("p")), hostname: None, pid: None };
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_worker(&new, &stamp()).await.unwrap();
    // A sign of life alone comes every few seconds, and is no news.
    let seen = new.worker.clone().seen(None, Timestamp(NOON + 5000));
    assert!(tx.note_seen(&seen, false).await.unwrap());
    let seen = seen.seen(quota(40, NOON + 9000), Timestamp(NOON + 10_000));
    assert!(tx.note_seen(&seen, true).await.unwrap());
    let read = tx.worker(&id("t"), &id("w-1")).await.unwrap().unwrap();
    assert_eq!(read.row, seen.clone().into());
    tx.apply(Change::Worker(seen.clone().unregister(Timestamp(NOON + 11_000)).into()), &stamp())
        .await
        .unwrap();
    assert!(!tx.note_seen(&seen, true).await.unwrap(), "who is gone gives no sign of life");
    tx.commit().await.unwrap();

    let told: Vec<_> = all(&ctx).await.into_iter().filter(|it| it.event.machine == "worker").collect();
    let kinds: Vec<(&str, i64)> = told.iter().map(|it| (it.event.kind(), it.event.entity_seq)).collect();
    assert_eq!(kinds, [("worker_connected", 1), ("worker_heartbeat", 1), ("worker_disconnected", 2)]);
    let event = &told[1].event;
    assert_eq!((event.user.clone(), event.product.clone()), (Some(id("u")), Some(id("p"))));
    let payload = Payload {
        token_id: Some(id("t")),
        instance_id: Some(id("w-1")),
        last_quota_pct: Some(40),
        last_quota_check_at: Some(Timestamp(NOON + 9000)),
        ..Payload::default()
    };
    assert_eq!(event.payload, payload);
    all_is_told(&ctx).await;
}

#[tokio::test]
async fn the_database_refuses_large_and_broken_payloads_and_changes() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let add = |payload: &str| {
        format!(
            "INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, to_status, payload) \
             VALUES (0, 1, 'task', 'task', 'k', 1, 'create', 'TO_DO', {payload})"
        )
    };
    let large = |bytes: usize| add(&format!("'{{\"a\":\"{}\"}}'", "x".repeat(bytes - 8)));
    assert_eq!(attempt(&mut raw, &large(4000)).await, Ok(()));
    let check = |rule: &str| Err(format!("CHECK constraint failed: {rule}"));
    assert_eq!(attempt(&mut raw, &large(4001)).await, check("payload_is_small"));
    // Bytes count, and not characters.
    let wide = add(&format!("'{{\"a\":\"{}\"}}'", "漢".repeat(1400)));
    assert_eq!(attempt(&mut raw, &wide).await, check("payload_is_small"));
    for broken in ["'[]'", "'1'"] {
        assert_eq!(attempt(&mut raw, &add(broken)).await, check("payload_is_an_object"));
    }
    let no_json = Err("invalid input syntax for type json".to_owned());
    let expected = if LOOSE_TYPES { check("payload_is_an_object") } else { no_json };
    assert_eq!(attempt(&mut raw, &add("'x'")).await, expected);
    let never = Err("outbox: an event is never changed".to_owned());
    assert_eq!(attempt(&mut raw, "UPDATE outbox SET payload = '{}'").await, never);
}
