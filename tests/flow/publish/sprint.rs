//! A draft a run, which people review when the run is done.

use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::id::RunId;

use super::super::forged::Forged;

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
