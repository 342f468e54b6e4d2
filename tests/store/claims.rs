//! Claims and what follows: one worker a job, one attempt a claim.

use sprintgate::domain::attempt;
use sprintgate::domain::job::Status;
use sprintgate::store::*;

use super::ctx::{Ctx, id};

#[tokio::test]
async fn a_job_lives_from_queue_to_done() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    assert_eq!(ctx.claim(&job).await, 1);
    ctx.start(&job).await;
    ctx.finish(&job).await;

    let record = ctx.record(&job).await;
    assert_eq!(record.row.status, Status::Done);
    let mut tx = ctx.store.read().await.unwrap();
    let attempt = tx.attempt(&job, 1).await.unwrap().unwrap();
    assert_eq!(attempt.status, attempt::Status::Finished);
    assert_eq!(attempt.ended_at, Some(ctx.now()));
    let events: Vec<String> =
        tx.history("job", "j", 10).await.unwrap().into_iter().map(|entry| entry.event).collect();
    assert_eq!(events, ["create", "claim", "start", "finish"]);
    assert_eq!(tx.first_claimable(&id("u"), None).await.unwrap(), None);
}
