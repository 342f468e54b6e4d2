//! Whatever comes first, whoever comes twice, and wherever a process dies: one pull request, and the same end.

use sprintgate::domain::actor::Actor;
use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::id::JobId;
use sprintgate::flow::wire::JobAnswer;
use sprintgate::flow::wire::ReportStatus::{Done, Failed};
use sprintgate::flow::{AddProduct, Polls};
use sprintgate::store::{NewJob, Stamp};
use tokio_util::sync::CancellationToken;

use super::super::forged::Forged;
use super::super::world::{id, plan};
use crate::forge::server::Pull;

const ONE: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY")]];

#[tokio::test]
async fn defect_027_the_story_that_was_done_before_its_pull_request_was_open_is_merged() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.begin(ONE).await;
    world.carry("src/a.rs").await;
    assert_eq!(world.board().await[1], "ST-001 DONE: T-1 DONE");
    assert_eq!(world.publications().await, ["BRANCH_PUSHED"]);
    assert_eq!(world.perform().await.done, 4, "opened, ready, merged, and its branch is gone");
    assert_eq!(world.publications().await, ["MERGED 1"], "there was no check to wait for");
    assert!(world.pull().merged.is_some());
    world.sound().await;
}

#[tokio::test]
async fn defect_028_two_reports_at_once_open_one_pull_request() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.begin(ONE).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "changed\n");
    world.verify(&world.worker, &job).await.unwrap();
    let report = || world.report(&world.worker, &job, Done);
    let (one, other) = tokio::join!(report(), report());
    assert_eq!((&*one.unwrap().status, &*other.unwrap().status), ("done", "done"));
    assert_eq!((world.publications().await.len(), world.waiting().await.len()), (1, 1));
    let (handlers, gone) = (world.handlers(), CancellationToken::new());
    let run = || world.app.run_effects(&handlers, 100, &gone);
    let (one, other) = tokio::join!(run(), run());
    one.unwrap();
    other.unwrap();
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1"]);
    assert_eq!(world.answers("POST", "/pulls"), [201]);
    world.sound().await;
}

#[tokio::test]
async fn defect_068_a_closed_pull_request_of_the_branch_is_not_used() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.checks_run();
    world.begin(ONE).await;
    let (_, said) = world.carry("src/a.rs").await;
    let branch = said.branch.unwrap();
    let theirs = Pull { branch, base: "main".into(), title: "theirs".into(), ..Pull::default() };
    world.server.state().add(Pull { closed: true, ..theirs.clone() });
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 2"]);
    let state = world.server.state().pulls.clone();
    assert!(state[0].closed && !state[1].closed && state[1].title == "ST-001: story 0", "{state:?}");
    world.sound().await;
}

#[tokio::test]
async fn one_that_a_person_opened_is_taken_as_it_is() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.checks_run();
    world.begin(ONE).await;
    let (_, said) = world.carry("src/a.rs").await;
    let branch = said.branch.unwrap();
    world.server.state().add(Pull { branch, base: "main".into(), title: "theirs".into(), ..Pull::default() });
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    assert_eq!(world.pull().title, "theirs");
}

#[tokio::test]
async fn a_process_that_dies_between_the_forge_and_the_row_opens_no_second_one() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.checks_run();
    world.begin(ONE).await;
    world.carry("src/a.rs").await;
    world.dies_at("POST", "/pulls").await;
    assert_eq!(world.publications().await, ["BRANCH_PUSHED"], "nobody heard of it");
    world.dies_at("POST", "/merge").await;
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"], "it was found again");
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    assert_eq!(world.answers("POST", "/pulls"), [201]);
    assert!(world.pull().scheduled.is_some());
    assert!(world.waiting().await.is_empty());
    world.sound().await;
}

#[tokio::test]
async fn what_a_failure_undoes_is_closed_and_not_merged() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]]).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Failed).await.unwrap();
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);
    let waiting = world.waiting().await;
    assert_eq!(waiting.iter().filter(|kind| *kind == "close_pr").count(), 1, "{waiting:?}");
    assert!(!waiting.iter().any(|kind| kind == "auto_merge"), "{waiting:?}");
}

/// Two stories of one backlog item.
const TWO: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]];

#[tokio::test]
async fn what_a_siblings_failure_undoes_is_not_opened() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.begin(TWO).await;
    world.carry("src/a.rs").await;
    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Failed).await.unwrap();
    world.perform().await;
    assert_eq!(
        world.publications().await,
        ["BRANCH_PUSHED"],
        "its story is done, and its backlog item failed"
    );
    assert_eq!(world.answers("POST", "/pulls"), [0_u16; 0]);
    world.sound().await;
}

#[tokio::test]
async fn one_that_was_opened_while_a_sibling_failed_is_closed() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.begin(TWO).await;
    world.carry("src/a.rs").await;
    world.dies_at("POST", "/pulls").await;
    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Failed).await.unwrap();
    assert_eq!(world.publications().await, ["BRANCH_PUSHED"], "nobody heard of it");
    world.perform().await;
    assert_eq!(world.publications().await, ["CLOSED 1"]);
    assert!(world.pull().closed && world.pull().merged.is_none());
    let plan = world.app.plan_cascade(&world.person, job.job_id.as_deref().unwrap()).await.unwrap();
    assert!(plan.steps.iter().all(|step| !step.planned.key.as_str().starts_with("close/")), "{plan:?}");
    assert!(world.waiting().await.is_empty());
    world.sound().await;
}

#[tokio::test]
async fn a_merge_that_the_poll_sees_after_a_failure_is_taken_back_once() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.checks_run();
    world.begin(TWO).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Failed).await.unwrap();
    // The forge takes no token, so that what closes it comes back in an hour; a person merges it meanwhile.
    let token = world.server.state().token.take();
    assert_eq!(world.perform().await.again, 1);
    world.server.state().token = token;
    world.server.state().merge(0, "by hand", "").unwrap();
    assert_eq!(world.polled(&mut Polls::default()).await.moved, 1);
    let waiting = world.waiting().await;
    assert_eq!(waiting.iter().filter(|kind| *kind == "revert_pr").count(), 1, "{waiting:?}");
    world.pass(2 * 3600);
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1", "PR_OPENED 2"]);
    assert_eq!(world.server.state().pulls.len(), 2);
    world.sound().await;
}

#[tokio::test]
async fn what_is_merged_after_work_began_again_is_taken_back_by_no_earlier_failure() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.checks_run();
    let run = world.begin(TWO).await;
    let (done, _) = world.carry("src/a.rs").await;
    world.perform().await;
    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Failed).await.unwrap();
    world.pass(1);
    // Before it is closed, its story goes on, without the other one.
    world.sets(&job, "todo").await;
    world.sets(&job, "excluded").await;
    world.goes_on(&run, &done, "more", "- `src/c.rs`").await;
    world.carry("src/c.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    world.server.state().merge(0, "by hand", "").unwrap();
    assert_eq!(world.polled(&mut Polls::default()).await.moved, 1);
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1"], "nothing takes it back");
    world.sound().await;
}

/// What the cascade closes is passed over while somebody works on the branch, and closed when he has ended.
#[tokio::test]
async fn one_that_was_not_closed_while_another_product_worked_on_its_branch_is_closed_after() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]]).await;
    let (done, _) = world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);
    let theirs = world.takes_branch_of("blog", &done).await;
    world.pass(1);
    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Failed).await.unwrap();
    world.perform().await;
    assert_eq!(world.publications().await, ["PR_OPENED 1"], "the other product's people work on it");
    world.app.cancel_job(&world.person, theirs.as_str(), None).await.unwrap();
    world.perform().await;
    assert_eq!(world.publications().await, ["CLOSED 1"]);
    assert!(world.pull().closed && world.waiting().await.is_empty());
    world.sound().await;
}

impl Forged {
    /// A job of another product on the branch of that one.
    async fn takes_branch_of(&self, product: &str, job: &JobAnswer) -> JobId {
        let new = AddProduct { name: product.into(), ..AddProduct::default() };
        let product = self.app.add_product(&self.person, new).await.unwrap();
        let made = self.app.import(&self.person, &product.id, &plan("theirs", TWO)).await.unwrap();
        let mut tx = self.store().await.begin().await.unwrap();
        let ours = tx.job(&id(job)).await.unwrap().unwrap();
        let new = NewJob {
            id: JobId::new("theirs").unwrap(),
            user: ours.user,
            product: product.id.parse().unwrap(),
            task: Some(made.tasks[0].id.parse().unwrap()),
            idea: None,
            run: None,
            kind: ours.row.kind,
            sequence: 0,
            branch: ours.branch,
            repo_url: ours.repo_url,
            ready: false,
        };
        tx.add_job(&new, &Stamp::of(Actor::System)).await.unwrap();
        tx.commit().await.unwrap();
        new.id
    }
}
