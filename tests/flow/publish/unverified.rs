//! A commit that nobody verified and that is merged all the same is asked about.

use sprintgate::domain::forge::ForgeKind;
use sprintgate::flow::Polls;
use sprintgate::flow::wire::JobAnswer;

use super::super::forged::Forged;
use super::super::world::id;

const ONE: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY")]];

/// A story that the forge merges when its checks pass; its job.
async fn to_be_merged(kind: ForgeKind) -> (Forged, JobAnswer) {
    let world = Forged::new(kind).await;
    world.checks_run();
    world.begin(ONE).await;
    let (job, _) = world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    (world, job)
}

impl Forged {
    /// Checks of that commit pass, and what waited for them is merged.
    fn passes(&self, commit: &str) {
        self.server.state().check(commit, "build", true, "success");
        assert!(self.pull().merged.is_some());
    }

    /// One question is open about the story, which names the pull request and both commits.
    async fn is_asked(&self, verified: &str, merged: &str) {
        let questions = self.questions().await;
        let [(status, about, text)] = questions.as_slice() else { panic!("{questions:?}") };
        assert_eq!((&**status, &**about), ("open", "story"));
        assert!(text.starts_with(&format!("{} was merged at {merged}, ", self.url(1))), "{text}");
        assert!(text.contains(&format!("`git diff {verified} {merged}`")), "{text}");
    }
}

#[tokio::test]
async fn what_a_person_pushed_and_the_forge_merged_before_it_was_seen_is_asked_about_once() {
    let (world, job) = to_be_merged(ForgeKind::GitHub).await;
    let ours = world.head_of(1).await;
    let theirs = world.push(&world.branch(1), "src/theirs.rs", "x\n");
    world.passes(&theirs);
    let mut polls = Polls::default();
    assert_eq!(world.polled(&mut polls).await.moved, 1);
    assert_eq!(world.publications().await, ["MERGED 1"]);
    assert_eq!(
        (world.head_of(1).await, world.cell(1, "merged_head_sha").await),
        (ours.clone(), theirs.clone())
    );
    world.is_asked(&ours, &theirs).await;
    world.polled(&mut polls).await;
    world.perform().await;
    world.is_asked(&ours, &theirs).await;
    let shown = world.app.show_job(&world.person, id(&job).as_str()).await.unwrap().publication.unwrap();
    assert_eq!((&*shown.status, shown.pr_url), ("MERGED", Some(world.url(1))));
    assert_eq!((shown.head_sha, shown.unverified_sha), (Some(ours), Some(theirs)));
    world.sound().await;
}

#[tokio::test]
async fn a_withdrawal_that_comes_too_late_is_asked_about() {
    let (world, _) = to_be_merged(ForgeKind::Forgejo).await;
    let ours = world.head_of(1).await;
    let theirs = world.push(&world.branch(1), "src/theirs.rs", "x\n");
    assert_eq!(world.polled(&mut Polls::default()).await.moved, 1);
    assert_eq!(world.publications().await, ["PR_OPENED 1"], "nobody verified it");
    world.passes(&theirs);
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1"]);
    world.is_asked(&ours, &theirs).await;
    world.sound().await;
}

#[tokio::test]
async fn what_was_verified_is_not_asked_about_whoever_merged_it() {
    let (world, job) = to_be_merged(ForgeKind::GitHub).await;
    let ours = world.head_of(1).await;
    world.server.state().merge(0, "by hand", "").unwrap();
    assert_eq!(world.polled(&mut Polls::default()).await.moved, 1);
    assert_eq!(world.cell(1, "merged_head_sha").await, ours);
    assert_eq!(world.questions().await, []);
    let shown = world.app.show_job(&world.person, id(&job).as_str()).await.unwrap().publication.unwrap();
    assert_eq!((shown.head_sha, shown.unverified_sha), (Some(ours), None));
    world.sound().await;
}

#[tokio::test]
async fn what_an_attempt_sent_and_somebody_merged_before_it_was_done_is_not_asked_about() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.checks_run();
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]]).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);
    let job = world.claim(&world.worker).await;
    // Its process has sent what was judged, and not written that down yet.
    let sent = world.push(&world.branch(1), "src/b.rs", "changed\n");
    let mut tx = world.store().await.begin().await.unwrap();
    let attempt = job.attempt.unwrap().try_into().unwrap();
    tx.note_sent(&id(&job), attempt, &sent.parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    world.server.state().merge(0, "by hand", "").unwrap();
    assert_eq!(world.polled(&mut Polls::default()).await.moved, 1);
    assert_eq!(world.publications().await, ["MERGED 1"]);
    assert_eq!(world.cell(1, "merged_head_sha").await, sent);
    assert_eq!(world.questions().await, [], "it was verified");
    let shown = world.app.show_job(&world.person, id(&job).as_str()).await.unwrap().publication.unwrap();
    assert_eq!(shown.unverified_sha, None);
    world.sound().await;
}
