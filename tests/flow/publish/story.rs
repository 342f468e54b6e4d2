//! A pull request a story: opened with its first job, merged by itself when the story is done and its checks pass.

use sprintgate::domain::forge::ForgeKind;
use sprintgate::flow::Polls;
use sprintgate::flow::wire::ReportStatus::Done;

use super::super::forged::Forged;
use super::super::world::{sh, tree};
use crate::forge::server::{Answer, Fault, What};

const TWO: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]];

/// The whole life, with a check that runs while the merge is asked for.
async fn a_life(kind: ForgeKind) {
    let world = Forged::new(kind).await;
    world.checks_run();
    world.begin(TWO).await;
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

#[tokio::test]
async fn what_was_asked_for_one_commit_is_withdrawn_before_it_is_asked_for_the_next() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.checks_run();
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let (job, _) = world.carry("src/a.rs").await;
    assert_eq!(world.perform().await.done, 3, "opened, ready, to be merged");
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    world.goes_on(&run, &job, "more", "- `src/b.rs`").await;
    let (_, said) = world.carry("src/b.rs").await;
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"], "at the new head");
    assert_eq!(world.waiting().await, ["withdraw_auto_merge", "mark_ready", "auto_merge"]);
    assert_eq!(world.perform().await.done, 3);
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    let merges = |method| world.answers(method, "/merge");
    assert_eq!((merges("POST"), merges("DELETE")), (vec![201, 201], vec![204]));
    let head = said.head_sha.unwrap();
    world.server.state().check(&head, "build", true, "success");
    let merged = world.pull().merged.unwrap();
    let message = world.server.state().repo.git(&["log", "-1", "--format=%B", &merged]).unwrap();
    assert!(message.starts_with("ST-001: story 0\n\nMade by Sprintgate for story ST-001"), "{message}");
    assert_eq!(message.matches("Sprintgate-Job: ").count(), 2, "{message}");
    world.sound().await;
}

#[tokio::test]
async fn protected_paths_are_for_people_to_merge() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.begin(&[&[("one", "- `.github/workflows/ci.yml`", "ANY")]]).await;
    let fault = || Fault { method: "GET", path: "/files", what: What::Answers(Answer::says(500, "broken")) };
    world.server.state().faults.extend([fault(), fault(), fault()]);
    world.carry(".github/workflows/ci.yml").await;
    let tried = world.perform().await;
    assert_eq!((tried.done, tried.again), (2, 1), "what cannot be looked through is not merged");
    assert_eq!((world.pull().merged, world.pull().comments.len()), (None, 0));
    world.pass(3600);
    assert_eq!(world.perform().await.done, 1);
    let pull = world.pull();
    assert_eq!((pull.merged, pull.scheduled, pull.draft), (None, None, false));
    let [comment] = pull.comments.as_slice() else { panic!("{:?}", pull.comments) };
    assert!(comment.contains("A person reviews and merges it") && comment.contains("ci.yml"), "{comment}");
    assert_eq!(comment.matches("<!-- sprintgate:held-back:").count(), 1, "{comment}");
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"]);
    assert!(world.waiting().await.is_empty());
    world.sound().await;
}

#[tokio::test]
async fn submodules_are_for_people_to_merge() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    sh(&tree(&job), "git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),lib && mkdir lib");
    world.carry_out(&world.worker, &job, "src/a.rs").await;
    world.perform().await;
    let pull = world.pull();
    assert_eq!((pull.merged, pull.scheduled, pull.draft), (None, None, false));
    let [comment] = pull.comments.as_slice() else { panic!("{:?}", pull.comments) };
    assert!(comment.contains("\n- lib\n") && comment.contains("A person reviews and merges it"), "{comment}");
    assert!(world.waiting().await.is_empty());
    world.sound().await;
}

/// A repository that allows no merge that is made when checks pass: a person is told once, and merges it.
async fn a_repository_without_auto_merge(kind: ForgeKind) {
    let world = Forged::new(kind).await;
    world.checks_run();
    world.server.state().allows_auto_merge = false;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let (job, _) = world.carry("src/a.rs").await;
    let tried = world.perform().await;
    assert_eq!((tried.done, tried.again, tried.gave_up), (3, 0, 0), "opened, ready, and refused");
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"]);
    assert_eq!((world.pull().merged, world.pull().scheduled), (None, None));
    // Asked for again, it is refused again, and nobody is told twice.
    world.sets(&job, "todo").await;
    world.sets(&job, "done").await;
    world.perform().await;
    let comments = world.pull().comments;
    assert!(matches!(&*comments, [one] if one.contains("does not allow a merge")), "{comments:?}");
    assert!(world.waiting().await.is_empty(), "nothing holds the lane of the branch");
    world.server.state().merge(0, "by hand", "").unwrap();
    assert_eq!(world.polled(&mut Polls::default()).await.moved, 1);
    assert_eq!(world.publications().await, ["MERGED 1"]);
    world.sound().await;
}

#[tokio::test]
async fn where_github_does_not_allow_auto_merge_a_person_merges() {
    a_repository_without_auto_merge(ForgeKind::GitHub).await;
}

#[tokio::test]
async fn where_forgejo_does_not_allow_the_merge_a_person_merges() {
    a_repository_without_auto_merge(ForgeKind::Forgejo).await;
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
