//! A pull request a story: opened with its first job, merged by itself when the story is done and its checks pass.

use sprintgate::domain::forge::ForgeKind;
use sprintgate::flow::wire::ReportStatus::Done;

use super::super::forged::Forged;

const TWO: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]];

/// The whole life, with a check that runs while the merge is asked for.
async fn a_life(kind: ForgeKind) {
    let world = Forged::new(kind).await;
    {
        let mut state = world.server.state();
        (state.checked_always, state.protected) = (true, true);
    }
    let run = world.begin(TWO).await;
    let (first, said) = world.carry("src/a.rs").await;
    assert_eq!(said.pr_url, None, "nobody has opened it");
    assert_eq!(
        (world.publications().await, world.waiting().await),
        (texts(&["BRANCH_PUSHED"]), texts(&["open_pr"]))
    );
    assert_eq!(world.perform().await.done, 1);
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);
    let pull = world.pull();
    assert_eq!((pull.base.as_str(), pull.draft, &*pull.title), ("main", false, "ST-001: story 0"));
    assert_eq!(Some(&pull.branch), said.branch.as_ref());
    assert!(
        pull.body.contains(&format!("Sprintgate-Job: {}", first.job_id.as_deref().unwrap())),
        "{}",
        pull.body
    );
    assert!(pull.body.contains("<!-- sprintgate:publication:"), "{}", pull.body);
    let url = world.url(1);
    assert_eq!(world.report(&world.worker, &first, Done).await.unwrap().pr_url.as_deref(), Some(&*url));
    assert_eq!(world.board().await[0], "run RUNNING sprint OPEN");

    let (_, said) = world.carry("src/b.rs").await;
    assert_eq!(said.pr_url.as_deref(), Some(&*url), "it is known at once");
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"]);
    assert_eq!(world.perform().await.done, 2, "ready, and to be merged");
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    let head = said.head_sha.unwrap();
    let pull = world.pull();
    assert_eq!(world.server.state().head(&pull), head);
    assert_eq!(pull.scheduled.unwrap().0, "ST-001: story 0");
    world.server.state().check(&head, "build", true, "success");
    assert!(world.pull().merged.is_some());
    assert_eq!(world.server.state().asked("POST", "/pulls"), 1);
    drop(run);
    world.sound().await;
}

#[tokio::test]
async fn a_story_is_merged_at_github_when_its_checks_pass() {
    a_life(ForgeKind::GitHub).await;
}

#[tokio::test]
async fn a_story_is_merged_at_forgejo_when_its_checks_pass() {
    a_life(ForgeKind::Forgejo).await;
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
