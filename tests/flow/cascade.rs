//! What a failure does to its siblings, and a cancel to its job.

use sprintgate::flow::AddProduct;
use sprintgate::flow::wire::ReportStatus::{Done, Failed, Running};
use sprintgate::flow::wire::{CreateStory, CreateTask, UpdateJobStatus};
use sprintgate::store::Confirmation;

use super::world::{World, code, id, plan, report};

#[tokio::test]
async fn a_failure_of_the_work_cancels_the_backlog_item() {
    let world = World::new().await;
    world
        .begin(&[
            &[("one", "- `src/a.rs`", "ALIGNED"), ("two", "- `src/a.rs`", "ALIGNED")],
            &[("three", "- `src/b.rs`", "ALIGNED")],
        ])
        .await;
    let first = world.claim(&world.worker).await;
    let second = world.another_worker("w2");
    let held = world.claim(&second).await;
    assert_eq!(held.task.as_ref().unwrap().title, "three");
    world.report(&second, &held, Running).await.unwrap();

    let ask = UpdateJobStatus { error: Some("it does not compile".into()), ..report(&first, Failed) };
    let failed = world.app.update_job_status(&world.worker, ask).await.unwrap();
    assert_eq!((failed.status.as_str(), failed.error.as_deref()), ("failed", Some("it does not compile")));
    assert_eq!(world.jobs().await, ["T-1 FAILED reported", "T-2 CANCELLED cascade", "T-3 CANCELLED cascade"]);
    assert_eq!(
        world.board().await,
        ["run FAILED sprint FAILED", "ST-001 FAILED: T-1 FAILED, T-2 TO_DO", "ST-002 IN_SPRINT: T-3 TO_DO"]
    );

    // The one that held its job learns of it from whatever it calls next.
    for answer in [code(world.report(&second, &held, Done).await), code(world.verify(&second, &held).await)] {
        assert_eq!(answer, "JOB_CANCELLED");
    }
    let refused = world.beat(&second, &held).await.unwrap_err();
    assert_eq!(refused.code(), "JOB_CANCELLED");
    assert!(refused.facts()["reason"].as_str().unwrap().contains(first.job_id.as_deref().unwrap()));
    world.app.confirm_stop(&second, &id(&held), 1, Confirmation::Confirmed).await.unwrap();
    let said = world.app.explain(&world.person, held.job_id.as_deref().unwrap()).await.unwrap();
    assert!(said.facts.iter().any(|fact| fact.contains("stop is confirmed")), "{said:?}");
    world.sound().await;
}

#[tokio::test]
async fn other_backlog_items_of_the_run_end_with_it() {
    let world = World::new().await;
    let one = world.import(&plan("one", &[&[("a", "- `a`.rs `src/a.rs`", "ANY")]])).await;
    let two = world.import(&plan("two", &[&[("b", "- `src/b.rs`", "ANY")]])).await;
    world.start(&[&one.pbi.code, &two.pbi.code]).await.unwrap();
    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Failed).await.unwrap();
    assert_eq!(world.jobs().await, ["T-1 FAILED reported", "T-2 CANCELLED run"]);
    assert_eq!(world.board().await[0], "run FAILED sprint FAILED");
    world.sound().await;
}

#[tokio::test]
async fn a_product_may_ask_for_cascades_on_infrastructure_too() {
    let product = AddProduct { cascade_on_infrastructure: true, ..AddProduct::default() };
    let world = World::with(product).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]]).await;
    for _ in 0..3 {
        assert_eq!(world.claim(&world.worker).await.task.unwrap().title, "one");
        world.pass(301);
    }
    world.app.sweep().await.unwrap();
    assert_eq!(world.jobs().await, ["T-1 FAILED expired", "T-2 CANCELLED cascade"]);
    world.sound().await;
}

#[tokio::test]
async fn a_person_cancels_and_the_queue_goes_on() {
    let world = World::new().await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/a.rs`", "ANY")]]).await;
    let first = &run.jobs[0].job_id;
    assert_eq!(world.wait(&world.worker).await.unwrap().job_id.as_ref(), Some(first));
    let line = world.app.cancel_job(&world.person, first, Some("not needed")).await.unwrap();
    assert_eq!((line.status.as_str(), line.error.as_deref()), ("CANCELLED", Some("not needed")));
    assert_eq!(code(world.app.cancel_job(&world.person, first, None).await), "ALREADY_TERMINAL");
    let next = world.claim(&world.worker).await;
    assert_eq!(next.job_id.as_ref(), Some(&run.jobs[1].job_id));
    world.carry_out(&world.worker, &next, "src/a.rs").await;
    // A run with a cancelled job is not DONE, and it does not stay RUNNING with no job left.
    assert_eq!(world.board().await[0], "run CANCELLED sprint OPEN");
    world.sound().await;
}

#[tokio::test]
async fn a_run_that_lost_its_jobs_to_a_cascade_ends() {
    let world = World::new().await;
    let made = world.import(&plan("item", &[&[("one", "- `src/a.rs`", "ANY")]])).await;
    world.start(&["PBI-1"]).await.unwrap();
    let story =
        CreateStory { pbi_id: made.pbi.id, title: "later".into(), priority: 1, ..CreateStory::default() };
    let story = world.app.create_story(&world.person, story).await.unwrap();
    let task = CreateTask {
        story_id: story.id,
        title: "two".into(),
        priority: 1,
        implementation_plan: Some("- `src/b.rs`".into()),
        ..CreateTask::default()
    };
    world.app.create_task(&world.person, task).await.unwrap();
    world.start(&["PBI-1"]).await.unwrap();
    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Failed).await.unwrap();
    assert_eq!(world.jobs().await, ["T-1 FAILED reported", "T-2 CANCELLED cascade"]);
    let runs: Vec<String> =
        world.app.board(&world.person).await.unwrap().runs.into_iter().map(|run| run.status).collect();
    assert_eq!(runs, ["CANCELLED", "FAILED"]);
    world.sound().await;
}
