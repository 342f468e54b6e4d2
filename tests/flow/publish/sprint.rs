//! A draft a run, which people review when the run is done.

use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::id::RunId;
use sprintgate::flow::wire::ReportStatus::Failed;
use sprintgate::flow::wire::{CreateStory, CreateTask};

use super::super::forged::Forged;
use super::super::world::plan;

#[tokio::test]
async fn defect_071_a_runs_pull_request_is_written_down() {
    let world = Forged::sprints(ForgeKind::Forgejo).await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]]).await;
    let run = RunId::new(run.sprint_run_id).unwrap();
    world.carry("src/a.rs").await;
    assert_eq!(world.perform().await.done, 2, "opened, and a draft again if somebody adopted it");
    assert_eq!(world.publications().await, ["DRAFT_OPENED 1"]);
    let title = world.pull().title;
    assert!(title.starts_with("WIP: Sprint: "), "{title}");
    let of_run = world.store().await.read().await.unwrap().run(&run).await.unwrap().unwrap();
    assert_eq!(of_run.pr_url, Some(world.url(1)));

    let (_, said) = world.carry("src/b.rs").await;
    assert_eq!(said.pr_url, Some(world.url(1)), "the run has one");
    assert_eq!(world.board().await[0], "run DONE sprint CLOSED");
    assert_eq!(world.publications().await, ["READY_FOR_REVIEW 1"]);
    world.perform().await;
    assert_eq!(Some(&*world.pull().title), title.strip_prefix("WIP: "), "a draft no more");
    let pull = world.pull();
    assert_eq!((pull.merged, pull.scheduled), (None, None), "people merge it");
    assert!(world.waiting().await.is_empty());
    world.sound().await;
}

#[tokio::test]
async fn where_there_are_no_drafts_a_run_is_published_without() {
    let world = Forged::sprints(ForgeKind::GitHub).await;
    world.server.state().has_drafts = false;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]]).await;
    world.carry("src/a.rs").await;
    let tried = world.perform().await;
    assert_eq!((tried.done, tried.again, tried.gave_up), (2, 0, 0), "opened, and no draft of it can be made");
    assert_eq!((world.publications().await, world.pull().draft), (vec!["DRAFT_OPENED 1".to_owned()], false));
    world.carry("src/b.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["READY_FOR_REVIEW 1"]);
    assert_eq!((world.pull().merged, world.pull().scheduled), (None, None), "people merge it");
    assert!(world.waiting().await.is_empty(), "nothing holds the lane of the branch");
    world.sound().await;
}

#[tokio::test]
async fn a_failure_in_another_run_closes_no_draft_on_which_another_item_went_on() {
    let world = Forged::sprints(ForgeKind::GitHub).await;
    let one = world.import(&plan("one", &[&[("a", "- `src/a.rs`", "ANY")]])).await;
    world.start(&[&one.pbi.code]).await.unwrap();
    let failing = world.claim(&world.worker).await;
    // The rest of that item, and another one, in a second run.
    let ask = CreateStory {
        pbi_id: one.pbi.id.clone(),
        title: "rest".into(),
        priority: 1,
        ..CreateStory::default()
    };
    let rest = world.app.create_story(&world.person, ask).await.unwrap();
    let ask = CreateTask {
        story_id: rest.id,
        title: "b".into(),
        priority: 1,
        implementation_plan: Some("- `src/b.rs`".into()),
        ..CreateTask::default()
    };
    world.app.create_task(&world.person, ask).await.unwrap();
    let two = plan("two", &[&[("c", "- `src/c.rs`", "ANY")]]).replace("priority: 1", "priority: 2");
    let two = world.import(&two).await;
    world.start(&[&one.pbi.code, &two.pbi.code]).await.unwrap();
    let other = world.another_worker("w2");
    let rest = world.claim(&other).await;
    world.carry_out(&other, &rest, "src/b.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["DRAFT_OPENED 1"]);
    world.pass(1);
    world.report(&world.worker, &failing, Failed).await.unwrap();
    world.pass(1);
    let last = world.claim(&other).await;
    assert_eq!(last.branch_name, rest.branch_name);
    world.carry_out(&other, &last, "src/c.rs").await;
    world.perform().await;
    assert_eq!(world.board().await[0], "run DONE sprint CLOSED");
    assert_eq!(
        (world.publications().await, world.pull().closed),
        (vec!["READY_FOR_REVIEW 1".to_owned()], false)
    );
    assert!(world.waiting().await.is_empty());
    world.sound().await;
}
