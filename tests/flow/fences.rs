//! Which attempt a call speaks for: found once a call, and never another one's.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use sprintgate::domain::id::WorkerId;
use sprintgate::flow::Session;
use sprintgate::flow::wire::ReportStatus::{Done, Failed, Running};
use sprintgate::flow::wire::{UpdateJobStatus, UpdateTaskPlan, UpdateTaskStatus, VerifyTask};

use super::world::{World, code, id, report};

/// The server's side of a push waits, for at most ten seconds, until `go` is there; then it refuses.
fn slow_refusal(world: &World, begun: &Path, go: &Path) {
    let path = world.origin().join("hooks/pre-receive");
    let script = format!(
        "#!/bin/sh\ntouch {}; n=0; while [ ! -e {} ] && [ $n -lt 200 ]; do sleep 0.05; n=$((n+1)); done; exit 1\n",
        begun.display(),
        go.display()
    );
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_without_number_never_ends_the_attempt_that_came_after_it() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let (begun, go) = (world.dir.path().join("begun"), world.dir.path().join("go"));
    slow_refusal(&world, &begun, &go);
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    let unnumbered = UpdateJobStatus { attempt: None, ..report(&job, Done) };
    let meanwhile = async {
        while !begun.exists() {
            tokio::task::yield_now().await;
        }
        // The lease runs out under the push, and the same session claims the job again.
        world.pass(301);
        let again = world.claim(&world.worker).await;
        std::fs::write(&go, "").unwrap();
        again
    };
    let (late, again) = tokio::join!(world.app.update_job_status(&world.worker, unnumbered), meanwhile);
    assert_eq!(again.attempt, Some(2));
    assert_eq!(code(late), "LEASE_LOST");
    assert_eq!(world.jobs().await, ["T-1 CLAIMED"]);
    world.beat(&world.worker, &again).await.unwrap();
    world.sound().await;
}

#[tokio::test]
async fn a_late_writer_of_another_token_is_told_so_without_a_number_and_without_memory() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let old = world.claim(&world.worker).await;
    world.pass(301);
    let (_, other) = world.app.enrol("ann", "second").await.unwrap();
    let other = Session::worker(Some(&other), WorkerId::new("w2").unwrap());
    world.claim(&other).await;
    let forgetful = world.another_worker("w1");
    for status in [Running, Done, Failed] {
        let ask = UpdateJobStatus { attempt: None, ..report(&old, status) };
        assert_eq!(code(world.app.update_job_status(&forgetful, ask).await), "LEASE_LOST");
    }
}

#[tokio::test]
async fn a_verify_without_number_is_about_the_job_that_the_session_claimed() {
    let world = World::new().await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let old = world.claim(&world.worker).await;
    world.app.cancel_job(&world.person, old.job_id.as_deref().unwrap(), None).await.unwrap();
    let again = sprintgate::flow::StartSprint {
        product: "shop".into(),
        sprint_id: Some(run.sprint_id.clone()),
        ..Default::default()
    };
    world.app.start_sprint(&world.person, again).await.unwrap();
    let second = world.another_worker("w2");
    let new = world.claim(&second).await;
    assert_ne!(new.job_id, old.job_id);
    world.commit(&new, "src/a.rs", "two\n");
    let ask =
        VerifyTask { task_id: old.task.as_ref().unwrap().id.clone(), attempt: None, worktree_path: None };
    assert_eq!(code(world.app.verify_task_against_plan(&world.worker, ask).await), "JOB_CANCELLED");
    assert_eq!(world.job(new.job_id.as_deref().unwrap()).await.job.verify_result, None);
}

#[tokio::test]
async fn an_attempts_token_writes_nothing_on_its_task_after_the_end_and_never_its_plan() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let task_id = job.task.as_ref().unwrap().id.clone();
    let token = world.app.attempt_token(&world.worker, &id(&job), 1).await.unwrap();
    let agent = Session::worker(Some(&token), WorkerId::new("agent").unwrap());
    let set = |status: &str| UpdateTaskStatus {
        task_id: task_id.clone(),
        status: status.into(),
        ..UpdateTaskStatus::default()
    };
    let easier = UpdateTaskPlan { task_id: task_id.clone(), implementation_plan: "- `README.md`".into() };
    assert_eq!(code(world.app.update_task_plan(&agent, easier.clone()).await), "PERMISSION_DENIED");
    world.app.update_task_status(&agent, set("in_progress")).await.unwrap();
    world.pass(301);
    world.app.sweep().await.unwrap();
    assert_eq!(code(world.app.update_task_status(&agent, set("review")).await), "LEASE_LOST");
    assert_eq!(code(world.app.update_task_plan(&agent, easier).await), "PERMISSION_DENIED");
    let again = world.claim(&world.worker).await;
    let ask = UpdateJobStatus { error: Some("broken".into()), ..report(&again, Failed) };
    world.app.update_job_status(&world.worker, ask).await.unwrap();
    // FAILED -> TO_DO -> DONE would be DONE without evidence.
    assert_eq!(code(world.app.update_task_status(&agent, set("todo")).await), "LEASE_LOST");
    assert_eq!(world.board().await[1], "ST-001 FAILED: T-1 FAILED");
}
