//! A story whose merge was asked for, and that is worked on again: the merge is withdrawn, and asked for when it is done.

use sprintgate::domain::forge::ForgeKind::{self, Forgejo, GitHub};
use sprintgate::flow::Polls;
use sprintgate::flow::wire::ReportStatus::Skipped;
use sprintgate::flow::wire::{JobAnswer, UpdateJobStatus, UpdateTaskStatus};

use super::super::forged::Forged;
use super::super::world::report;

const ONE: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY")]];

impl Forged {
    /// A person sets the job's task to that status.
    pub(super) async fn sets(&self, job: &JobAnswer, status: &str) {
        let task_id = job.task.as_ref().unwrap().id.clone();
        let ask = UpdateTaskStatus { task_id, status: status.into(), sprint_run_id: None };
        self.app.update_task_status(&self.person, ask).await.unwrap();
    }

    /// Whether the forge merges the only pull request by itself when its checks pass.
    fn merges_by_itself(&self) -> bool {
        self.pull().scheduled.is_some()
    }

    fn checks_pass(&self) {
        let pull = self.pull();
        let head = self.server.state().head(&pull);
        self.server.state().check(&head, "build", true, "success");
    }
}

/// A story of one task that is done, and that the forge merges when its checks pass.
async fn to_be_merged(kind: ForgeKind) -> (Forged, JobAnswer) {
    let world = Forged::new(kind).await;
    world.checks_run();
    world.begin(ONE).await;
    let (job, _) = world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    (world, job)
}

async fn a_reopened_task(kind: ForgeKind) {
    let (world, job) = to_be_merged(kind).await;
    world.sets(&job, "todo").await;
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);
    assert_eq!(world.waiting().await, ["withdraw_auto_merge"]);
    world.perform().await;
    assert!(!world.merges_by_itself());
    world.checks_pass();
    assert_eq!(world.pull().merged, None, "its story is not done");
    world.sets(&job, "done").await;
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"], "nothing was pushed");
    assert_eq!(world.waiting().await, ["mark_ready", "auto_merge"]);
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1"]);
    world.sound().await;
}

#[tokio::test]
async fn a_task_that_is_reopened_withdraws_the_merge_at_github_until_it_is_done_again() {
    a_reopened_task(GitHub).await;
}

#[tokio::test]
async fn a_task_that_is_reopened_withdraws_the_merge_at_forgejo_until_it_is_done_again() {
    a_reopened_task(Forgejo).await;
}

#[tokio::test]
async fn a_job_that_pushes_nothing_has_the_story_merged_again() {
    let world = Forged::new(GitHub).await;
    world.checks_run();
    let run = world.begin(ONE).await;
    let (job, _) = world.carry("src/a.rs").await;
    world.perform().await;
    world.goes_on(&run, &job, "more", "- `src/b.rs`").await;
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);
    world.perform().await;
    assert!(!world.merges_by_itself());
    let more = world.claim(&world.worker).await;
    let why = Some("the first job has done it, and there is nothing left to change".into());
    let ask = UpdateJobStatus { error: why, ..report(&more, Skipped) };
    world.app.update_job_status(&world.worker, ask).await.unwrap();
    world.sets(&more, "excluded").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    world.checks_pass();
    assert!(world.pull().merged.is_some());
    world.sound().await;
}

#[tokio::test]
async fn a_withdrawal_that_is_not_wanted_any_more_does_nothing() {
    let (world, job) = to_be_merged(Forgejo).await;
    world.sets(&job, "todo").await;
    world.sets(&job, "done").await;
    assert_eq!(world.waiting().await, ["withdraw_auto_merge", "mark_ready", "auto_merge"]);
    assert_eq!(world.tries(1).await.done, 1);
    assert_eq!(world.answers("DELETE", "/merge"), [0_u16; 0], "it is wanted as it is");
    assert_eq!(world.perform().await.done, 2);
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    assert!(world.merges_by_itself());
    world.sound().await;
}

#[tokio::test]
async fn an_answer_that_comes_after_the_story_was_reopened_is_followed_by_the_withdrawal() {
    let world = Forged::new(Forgejo).await;
    world.checks_run();
    world.begin(ONE).await;
    let (job, _) = world.carry("src/a.rs").await;
    world.tries(2).await;
    world.dies_at("POST", "/merge").await;
    assert!(world.merges_by_itself(), "nobody heard of it");
    world.sets(&job, "todo").await;
    assert_eq!(world.waiting().await, ["withdraw_auto_merge", "auto_merge"]);
    world.perform().await;
    assert!(!world.merges_by_itself());
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);
    assert!(world.waiting().await.is_empty());
    world.sound().await;
}

#[tokio::test]
async fn a_failed_check_keeps_no_merge_of_a_story_that_is_worked_on_again() {
    let (world, job) = to_be_merged(GitHub).await;
    let pull = world.pull();
    let head = world.server.state().head(&pull);
    world.server.state().check(&head, "build", true, "failure");
    let mut polls = Polls::default();
    assert_eq!(world.polled(&mut polls).await.moved, 1);
    assert_eq!(world.publications().await, ["CHECKS_FAILED 1"]);
    world.sets(&job, "todo").await;
    world.perform().await;
    // Somebody has the check run again.
    world.checks_pass();
    assert_eq!((world.pull().merged, world.publications().await), (None, vec!["PR_OPENED 1".to_owned()]));
    world.sound().await;
}
