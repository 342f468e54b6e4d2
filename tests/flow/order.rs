//! Order within a branch, and runs that start or do not.

use serde_json::json;
use sprintgate::flow::{AddProduct, StartSprint};

use super::world::{World, code, plan, sh};

#[tokio::test]
async fn jobs_of_a_branch_go_one_after_the_other_from_the_published_tip() {
    let world = World::new().await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED"), ("two", "- `src/b.rs`", "ALIGNED")]]).await;
    let first = world.claim(&world.worker).await;
    assert_eq!(world.wait(&world.another_worker("w2")).await.unwrap().status, "timeout");
    let said = world.app.explain(&world.person, &run.jobs[1].job_id).await.unwrap();
    assert_eq!(said.guard.as_deref(), Some("first_on_branch"));
    assert!(said.verdict.contains(first.job_id.as_deref().unwrap()));
    let read = json!({ "guard": "first_on_branch", "ahead": first.job_id });
    assert_eq!(said.guard_read, Some(read));

    let done = world.carry_out(&world.worker, &first, "src/a.rs").await;
    assert_eq!(done.next_action, "wait_for_job_again");
    let second = world.claim(&world.worker).await;
    assert_eq!(second.branch_name, first.branch_name);
    assert_eq!((second.reused_branch, second.base_sha.clone()), (Some(true), done.head_sha));
    world.carry_out(&world.worker, &second, "src/b.rs").await;
    let log = sh(&world.origin(), &format!("git log --oneline {} | wc -l", second.branch_name.unwrap()));
    assert_eq!(log.trim(), "3");
    assert_eq!(world.board().await[0], "run DONE sprint CLOSED");
}

#[tokio::test]
async fn a_run_with_one_branch_orders_all_its_jobs() {
    let world = World::with(AddProduct { pr_strategy: Some("sprint".into()), ..AddProduct::default() }).await;
    let run =
        world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")], &[("two", "- `src/b.rs`", "ALIGNED")]]).await;
    let first = world.claim(&world.worker).await;
    let tail: String = run.sprint_run_id.chars().skip(run.sprint_run_id.len() - 8).collect();
    assert_eq!(first.branch_name, Some(format!("feat/sprint-{tail}")));
    assert_eq!(world.wait(&world.another_worker("w2")).await.unwrap().status, "timeout");
}

#[tokio::test]
async fn a_run_does_not_start_with_blockers_and_leaves_no_sprint_behind() {
    let world = World::new().await;
    let made = world.import(&plan("item", &[&[("one", "", "ANY")]])).await;
    let refused = world.start(&[&made.pbi.code]).await.unwrap_err();
    assert_eq!(refused.code(), "RUN_BLOCKED");
    assert_eq!(refused.facts()["blockers"][0]["kind"], "task_no_plan");
    assert!(world.app.board(&world.person).await.unwrap().runs.is_empty());
    assert_eq!(code(world.start(&["PBI-99"]).await), "NOT_FOUND");
    world.sound().await;
}

#[tokio::test]
async fn a_sprint_has_one_live_run() {
    let world = World::new().await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let again =
        StartSprint { product: "shop".into(), sprint_id: Some(run.sprint_id), ..StartSprint::default() };
    let refused = world.app.start_sprint(&world.person, again).await.unwrap_err();
    assert!(refused.facts().to_string().contains("run_is_live"), "{}", refused.facts());
}

#[tokio::test]
async fn a_clock_that_steps_back_loses_no_job() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.pass(-2);
    assert_eq!(world.wait(&world.worker).await.unwrap().status, "timeout");
    world.pass(2);
    let job = world.claim(&world.worker).await;
    // And again on the way back to the queue.
    world.pass(301);
    world.app.sweep().await.unwrap();
    world.pass(-2);
    assert_eq!(world.wait(&world.worker).await.unwrap().status, "timeout");
    world.pass(2);
    assert_eq!(world.claim(&world.worker).await.job_id, job.job_id);
    world.sound().await;
}
