//! Claims of `done` that lack a fact, and the one fact each lacks.

use sprintgate::flow::wire::ReportStatus::{Done, Skipped};
use sprintgate::flow::wire::UpdateJobStatus;

use super::world::{World, code, report, sh, tree};

#[tokio::test]
async fn done_without_a_verdict_is_refused() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED_OR_PARTIAL")]]).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "two\n");
    assert_eq!(code(world.report(&world.worker, &job, Done).await), "NOT_VERIFIED");
    assert_eq!(world.jobs().await, ["T-1 CLAIMED"]);
}

#[tokio::test]
async fn a_verdict_is_about_one_commit_and_a_clean_tree() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    world.commit(&job, "src/a.rs", "three\n");
    assert_eq!(code(world.report(&world.worker, &job, Done).await), "VERIFY_STALE");
    world.verify(&world.worker, &job).await.unwrap();
    std::fs::write(tree(&job).join("new.txt"), "left behind").unwrap();
    let seen = world.verify(&world.worker, &job).await.unwrap();
    assert_eq!((seen.allowed_for_done, seen.uncommitted), (false, vec!["new.txt".to_owned()]));
    assert_eq!(code(world.report(&world.worker, &job, Done).await), "WORKTREE_DIRTY");
    std::fs::remove_file(tree(&job).join("new.txt")).unwrap();
    assert_eq!(world.report(&world.worker, &job, Done).await.unwrap().status, "done");
    world.sound().await;
}

#[tokio::test]
async fn no_change_is_no_work() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let seen = world.verify(&world.worker, &job).await.unwrap();
    assert_eq!((seen.result.as_str(), seen.allowed_for_done), ("empty", false));
    let refused = world.report(&world.worker, &job, Done).await.unwrap_err();
    assert_eq!(refused.code(), "GATE_EMPTY");
    let text = refused.to_json().to_string();
    assert!(!text.contains("verify_only") && !text.contains("verify_required"), "{text}");
}

#[tokio::test]
async fn a_partial_result_needs_its_summary() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs` and `src/b.rs`", "ALIGNED_OR_PARTIAL")]]).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "two\n");
    let seen = world.verify(&world.worker, &job).await.unwrap();
    assert_eq!(seen.result, "partial");
    assert_eq!(code(world.report(&world.worker, &job, Done).await), "GATE_SUMMARY_MISSING");
    let short = UpdateJobStatus { summary: Some(" too short          ".into()), ..report(&job, Done) };
    assert_eq!(code(world.app.update_job_status(&world.worker, short).await), "GATE_SUMMARY_MISSING");
    let told =
        UpdateJobStatus { summary: Some("b.rs turned out to need no change".into()), ..report(&job, Done) };
    let done = world.app.update_job_status(&world.worker, told).await.unwrap();
    assert_eq!((done.status.as_str(), done.verify_result.as_deref()), ("done", Some("partial")));
}

#[tokio::test]
async fn a_strict_plan_takes_no_explanation() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    for file in ["src/a.rs", "b", "c", "d"] {
        world.commit(&job, file, "x\n");
    }
    assert_eq!(world.verify(&world.worker, &job).await.unwrap().result, "divergent");
    let told = UpdateJobStatus {
        summary: Some("I found it necessary to rewrite it all".into()),
        ..report(&job, Done)
    };
    assert_eq!(code(world.app.update_job_status(&world.worker, told).await), "GATE_NOT_ALIGNED");
    assert_eq!(world.jobs().await, ["T-1 CLAIMED"]);
}

#[tokio::test]
async fn the_plan_is_the_one_of_the_claim() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let task_id = job.task.as_ref().unwrap().id.clone();
    let ask = sprintgate::flow::wire::UpdateTaskPlan { task_id, implementation_plan: "- `evil.rs`".into() };
    world.app.update_task_plan(&world.worker, ask).await.unwrap();
    world.commit(&job, "evil.rs", "x\n");
    assert_eq!(world.verify(&world.worker, &job).await.unwrap().result, "partial");
}

#[tokio::test]
async fn nothing_to_do_is_said_with_a_reason_and_sets_nothing_on_the_task() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED"), ("two", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let short = UpdateJobStatus { error: Some("nothing".into()), ..report(&job, Skipped) };
    assert_eq!(code(world.app.update_job_status(&world.worker, short).await), "REASON_MISSING");
    let told = UpdateJobStatus { error: Some("it is already there".into()), ..report(&job, Skipped) };
    let ended = world.app.update_job_status(&world.worker, told).await.unwrap();
    assert_eq!((ended.status.as_str(), ended.end_cause.as_deref()), ("cancelled", Some("skipped")));
    assert_eq!(world.jobs().await, ["T-1 CANCELLED skipped", "T-2 QUEUED"]);
    assert_eq!(world.board().await, ["run RUNNING sprint OPEN", "ST-001 IN_SPRINT: T-1 TO_DO, T-2 TO_DO"]);
    world.sound().await;
}

#[tokio::test]
async fn an_attempt_cannot_have_another_folder_judged() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    sh(&world.clone_dir(), "echo z > src/a.rs && git commit -qam elsewhere");
    let ask = sprintgate::flow::wire::VerifyTask {
        task_id: job.task.as_ref().unwrap().id.clone(),
        worktree_path: Some(world.clone_dir().display().to_string()),
        attempt: job.attempt,
    };
    assert_eq!(code(world.app.verify_task_against_plan(&world.worker, ask).await), "WORKTREE_MISMATCH");
}
