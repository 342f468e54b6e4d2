//! People merge and close what is theirs, whenever they like.

use sprintgate::domain::forge::ForgeKind;

use super::super::forged::Forged;
use super::super::world::sh;

const ONE: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY")]];

#[tokio::test]
async fn one_that_a_person_closes_is_left_alone() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    let run = world.begin(ONE).await;
    let (job, _) = world.carry("src/a.rs").await;
    assert_eq!(world.tries(1).await.done, 1, "it is open");
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"]);
    world.server.state().pulls[0].closed = true;
    assert_eq!(world.perform().await.done, 2);
    assert_eq!(world.publications().await, ["CLOSED 1"]);
    assert!(world.waiting().await.is_empty(), "nothing holds the lane of the branch");
    assert_eq!(world.pull().merged, None);
    // What comes after it gets one of its own.
    world.goes_on(&run, &job, "more", "- `src/b.rs`").await;
    world.carry("src/b.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["CLOSED 1", "MERGED 2"]);
    world.sound().await;
}

#[tokio::test]
async fn one_that_a_person_merges_is_merged() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.checks_run();
    world.begin(ONE).await;
    world.carry("src/a.rs").await;
    assert_eq!(world.tries(2).await.done, 2, "open and ready");
    let merged = world.server.state().merge(0, "by hand", "").unwrap();
    assert_eq!(world.perform().await.done, 2, "found merged, and its branch is gone");
    assert_eq!(world.publications().await, ["MERGED 1"]);
    let mut raw = world.raw().await;
    let noted: Option<String> =
        sqlx::query_scalar("SELECT merge_sha FROM pull_requests").fetch_one(&mut raw).await.unwrap();
    assert_eq!(noted, Some(merged));
    assert!(world.waiting().await.is_empty());
    world.sound().await;
}

#[tokio::test]
async fn a_commit_that_a_person_pushed_is_not_merged() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.begin(ONE).await;
    let (_, said) = world.carry("src/a.rs").await;
    assert_eq!(world.tries(2).await.done, 2, "open and ready");
    world.server.state().repo.commit(said.branch.as_deref().unwrap(), None, "src/theirs.rs", "x\n");
    assert_eq!(world.perform().await.again, 1);
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"]);
    assert_eq!((world.pull().merged, world.pull().scheduled), (None, None));
    assert_eq!(world.answers("POST", "/merge"), [0_u16; 0]);
    // A forge that showed for a while what was: nothing is missed.
    let branch = format!("refs/heads/{}", said.branch.as_deref().unwrap());
    sh(&world.origin(), &format!("git update-ref {branch} {}", said.head_sha.as_deref().unwrap()));
    world.pass(60);
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1"]);
}
