//! A job from the queue to DONE.

use sprintgate::flow::wire::ReportStatus::{Done, Running};
use sprintgate::flow::wire::{CheckQueueEmpty, UpdateJobStatus};

use super::world::{World, report, sh};

#[tokio::test]
async fn a_task_is_claimed_worked_verified_pushed_and_done() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`: change it", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    assert_eq!(job.attempt, Some(1));
    assert_eq!(job.kind.as_deref(), Some("TASK_IMPLEMENTATION"));
    assert_eq!(job.task.as_ref().unwrap().implementation_plan.as_deref(), Some("- `src/a.rs`: change it"));
    assert_eq!(job.base_sha.as_deref(), Some(&*sh(&world.clone_dir(), "git rev-parse origin/main")));
    assert_eq!(world.board().await[0], "run RUNNING sprint OPEN");

    let running = world.report(&world.worker, &job, Running).await.unwrap();
    assert_eq!((running.status.as_str(), running.next_action.as_str()), ("running", "idle"));
    assert_eq!(world.board().await[1], "ST-001 IN_SPRINT: T-1 IN_PROGRESS");

    let head = world.commit(&job, "src/a.rs", "two\n");
    let seen = world.verify(&world.worker, &job).await.unwrap();
    assert_eq!((seen.result.as_str(), seen.allowed_for_done), ("aligned", true));
    assert_eq!(seen.head_sha, head);

    let ask = UpdateJobStatus {
        model_id: Some("m".into()),
        input_tokens: Some(7),
        summary: Some("did it".into()),
        ..report(&job, Done)
    };
    let done = world.app.update_job_status(&world.worker, ask).await.unwrap();
    assert_eq!(done.status, "done");
    assert_eq!(done.end_cause.as_deref(), Some("finished"));
    assert_eq!(done.head_sha.as_deref(), Some(&*head));
    assert_eq!(done.next_action, "queue_empty");
    let branch = done.branch.unwrap();
    assert!(branch.starts_with("feat/story-"), "{branch}");
    assert_eq!(sh(&world.origin(), &format!("git rev-parse refs/heads/{branch}")), head);

    assert_eq!(world.board().await, ["run DONE sprint CLOSED", "ST-001 DONE: T-1 DONE"]);
    let queue = world.app.check_queue_empty(&world.worker, CheckQueueEmpty::default()).await.unwrap();
    assert!(queue.empty && queue.remaining == 0 && queue.claimable == 0);
    world.sound().await;
}

#[tokio::test]
async fn done_straight_from_claimed_starts_at_the_claim() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    world.pass(10);
    let done = world.carry_out(&world.worker, &job, "src/a.rs").await;
    let shown = world.job(job.job_id.as_deref().unwrap()).await;
    assert_eq!(done.started_at, Some(shown.attempts[0].claimed_at.clone()));
    let history: Vec<_> = shown.history.iter().map(|h| format!("{} {}", h.event, h.to)).collect();
    assert_eq!(history, ["create QUEUED", "claim CLAIMED", "finish DONE"]);
    world.sound().await;
}

#[tokio::test]
async fn running_again_renews_and_keeps_the_start() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let first = world.report(&world.worker, &job, Running).await.unwrap();
    let before = world.job(&first.job_id).await.job.lease_until;
    world.pass(60);
    let second = world.report(&world.worker, &job, Running).await.unwrap();
    assert_eq!(second.started_at, first.started_at);
    assert!(world.job(&first.job_id).await.job.lease_until > before);
}
