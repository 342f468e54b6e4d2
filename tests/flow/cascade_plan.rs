//! The dry run of a cascade: it names what the failure then does, and changes nothing.

use std::collections::BTreeMap;

use sprintgate::domain::actor::Actor;
use sprintgate::domain::branch::BranchName;
use sprintgate::domain::cascade::{Because, Step};
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::{JobId, PullRequestId};
use sprintgate::domain::machine::Word;
use sprintgate::domain::pull_request::{AnyPullRequest, ForgeState, Found, PullRequest, Unpublished};
use sprintgate::domain::run::PrStrategy;
use sprintgate::flow::wire::ReportStatus::{Failed, Running};
use sprintgate::flow::wire::{CascadePlan, CreateStory, CreateTask, UpdateTaskStatus};
use sprintgate::flow::{AddProduct, StartSprint};
use sprintgate::store::{Change, JobFilter, NewPullRequest, Stamp, Tx};

use super::world::{World, plan};

fn pr_of(name: &str) -> String {
    format!("https://forge.example/o/shop/pulls/{name}")
}

async fn stored(tx: &mut dyn Tx, name: &str) -> AnyPullRequest {
    let id = PullRequestId::new(name).unwrap();
    AnyPullRequest::try_from(tx.pull_request(&id).await.unwrap().unwrap().row).unwrap()
}

impl World {
    /// Notes an open pull request from the job's branch, and merges it where that is asked for.
    async fn publish(&self, job: &str, name: &str, merged: bool) {
        let store = self.another_store().await;
        let stamp = Stamp::of(Actor::System);
        let mut tx = store.begin().await.unwrap();
        let job = tx.job(&JobId::new(job).unwrap()).await.unwrap().unwrap();
        let branch = BranchName::new(job.branch.clone().unwrap()).unwrap();
        let pull_request = PullRequest {
            id: PullRequestId::new(name).unwrap(),
            strategy: PrStrategy::Story,
            branch: branch.clone(),
            state: Unpublished,
        };
        let new = NewPullRequest {
            pull_request: pull_request.clone(),
            product: job.product,
            run: job.run,
            story: None,
            repo_url: job.repo_url.unwrap(),
        };
        tx.add_pull_request(&new, &stamp).await.unwrap();
        let head = CommitId::new("a".repeat(40)).unwrap();
        let step = pull_request.push(head).unwrap();
        tx.apply(Change::PullRequest(step.into()), &stamp).await.unwrap();
        let AnyPullRequest::BranchPushed(pushed) = stored(&mut *tx, name).await else { panic!() };
        let found =
            Found { url: pr_of(name), state: ForgeState::Open, draft: false, branch: branch.as_str().into() };
        let step = pushed.open(found).unwrap();
        tx.apply(Change::PullRequest(step.into()), &stamp).await.unwrap();
        if merged {
            let AnyPullRequest::PrOpened(opened) = stored(&mut *tx, name).await else { panic!() };
            let step = opened.merge(None, None, tx.now());
            tx.apply(Change::PullRequest(step.into()), &stamp).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn cascade(&self, job: &str) -> CascadePlan {
        self.app.plan_cascade(&self.person, job).await.unwrap()
    }

    /// The ids of the jobs by their tasks' titles.
    async fn ids(&self) -> BTreeMap<String, String> {
        let jobs = self.app.list_jobs(&self.person, JobFilter::default()).await.unwrap();
        jobs.into_iter().map(|job| (job.title.unwrap(), job.job_id)).collect()
    }

    /// Status and cause of every job.
    async fn ends(&self) -> BTreeMap<String, (String, Option<String>)> {
        let jobs = self.app.list_jobs(&self.person, JobFilter::default()).await.unwrap();
        jobs.into_iter().map(|job| (job.job_id, (job.status, job.end_cause))).collect()
    }

    /// Adds a story with one task to the first backlog item, and starts a run of it and of further items.
    pub(super) async fn later(&self, pbi_id: String, title: &str, pbis: &[&str]) {
        let story = CreateStory { pbi_id, title: title.into(), priority: 1, ..CreateStory::default() };
        let story = self.app.create_story(&self.person, story).await.unwrap();
        let task = CreateTask {
            story_id: story.id,
            title: title.into(),
            priority: 1,
            implementation_plan: Some("- `src/z.rs`".into()),
            ..CreateTask::default()
        };
        self.app.create_task(&self.person, task).await.unwrap();
        self.start(pbis).await.unwrap();
    }
}

fn keys(plan: &CascadePlan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.planned.key.as_str()).collect()
}

fn is_cancel(key: &&str) -> bool {
    key.starts_with("cancel/")
}

/// An item of three stories, one of them with a job behind another, and a second item in the same run.
async fn shop() -> (World, BTreeMap<String, String>) {
    let world = World::new().await;
    let one = world
        .import(&plan(
            "one",
            &[
                &[("done", "- `src/a.rs`", "ANY")],
                &[("fails", "- `src/b.rs`", "ANY"), ("behind", "- `src/b.rs`", "ANY")],
                &[("held", "- `src/c.rs`", "ANY")],
            ],
        ))
        .await;
    let two = world.import(&plan("two", &[&[("other", "- `src/d.rs`", "ANY")]])).await;
    world.start(&[&one.pbi.code, &two.pbi.code]).await.unwrap();
    let ids = world.ids().await;
    (world, ids)
}

#[tokio::test]
async fn the_plan_is_what_the_failure_then_does() {
    let (world, ids) = shop().await;
    let done = world.claim(&world.worker).await;
    assert_eq!(done.task.as_ref().unwrap().title, "done");
    world.carry_out(&world.worker, &done, "src/a.rs").await;
    world.publish(&ids["done"], "7", true).await;
    let third = world.another_worker("w3");
    assert_eq!(world.claim(&third).await.task.unwrap().title, "other");
    let fails = world.claim(&world.worker).await;
    assert_eq!(fails.task.as_ref().unwrap().title, "fails");
    world.report(&world.worker, &fails, Running).await.unwrap();
    world.publish(&ids["fails"], "8", false).await;
    let second = world.another_worker("w2");
    let held = world.claim(&second).await;
    assert_eq!(held.task.as_ref().unwrap().title, "held");
    world.report(&second, &held, Running).await.unwrap();

    let before = world.ends().await;
    let rows = world.app.audit_verify().await.unwrap().rows;
    let dry = world.cascade(&ids["fails"]).await;
    assert_eq!((dry.ended, dry.cascaded, dry.complete), (false, false, true));
    assert_eq!((dry.status.as_str(), dry.end_cause.as_deref()), ("RUNNING", None));
    assert_eq!(world.ends().await, before);
    assert_eq!(world.app.audit_verify().await.unwrap().rows, rows);

    let mut cancels = [&ids["behind"], &ids["held"], &ids["other"]].map(|id| format!("cancel/{id}"));
    cancels.sort();
    assert_eq!(keys(&dry)[..3], cancels);
    let branches: BTreeMap<&str, String> = {
        let mut branches = BTreeMap::new();
        for title in ["done", "fails", "held"] {
            branches.insert(title, world.job(&ids[title]).await.job.branch.unwrap());
        }
        branches
    };
    let delete = |title: &str| {
        let end = format!("#{}", branches[title]);
        let found = keys(&dry).into_iter().find(|key| key.starts_with("delete/") && key.ends_with(&end));
        found.unwrap().to_owned()
    };
    let has = |key: &str| dry.steps.iter().find(|step| step.planned.key.as_str() == key);
    for (key, by) in [
        (format!("stop/{}/1", ids["held"]), "worker"),
        (format!("stop/{}/1", ids["other"]), "worker"),
        (format!("revert/{}", pr_of("7")), "person"),
        (format!("close/{}/{}", ids["fails"], pr_of("8")), "person"),
        (format!("worktree/{}/1", ids["held"]), "tidy"),
        (format!("worktree/{}/1", ids["other"]), "tidy"),
        (delete("done"), "effect"),
        (delete("fails"), "person"),
        (delete("held"), "person"),
    ] {
        assert_eq!(has(&key).map(|step| step.by), Some(by), "{key} {:?}", keys(&dry));
    }
    // and the branches of the three stories of the item: none of the other item
    assert_eq!(keys(&dry).iter().filter(|key| key.starts_with("delete/")).count(), 3);
    assert_eq!(dry.steps.len(), 12, "{:?}", keys(&dry));

    world.report(&world.worker, &fails, Failed).await.unwrap();
    let after = world.ends().await;
    let mut did = before.clone();
    did.insert(ids["fails"].clone(), ("FAILED".into(), Some("reported".into())));
    for planned in dry.steps.iter().map(|step| &step.planned) {
        let Step::Cancel { job, from, because } = &planned.step else { continue };
        let cause = match because {
            Because::SameBacklogItem => "cascade",
            Because::SameRun => "run",
        };
        let was = did.insert(job.to_string(), ("CANCELLED".into(), Some(cause.into())));
        assert_eq!(was, Some((from.word().to_owned(), None)));
    }
    assert_eq!(after, did);

    // What is left is the rest of the plan, and what git alone can do has its effect.
    let mut left = world.cascade(&ids["fails"]).await;
    assert_eq!((left.ended, left.cascaded, left.end_cause.as_deref()), (true, true, Some("reported")));
    let effects: Vec<_> =
        left.steps.iter_mut().filter_map(|step| Some((step.by, step.effect.take()?.status))).collect();
    let pending = |by| (by, "PENDING".to_owned());
    assert_eq!(effects, [pending("effect"), pending("tidy"), pending("tidy")]);
    assert_eq!(left.steps, dry.steps[3..]);
    world.sound().await;
}

#[tokio::test]
async fn a_job_in_any_state_has_a_plan() {
    let (world, ids) = shop().await;
    let of = |title: &str| ids[title].clone();
    // QUEUED, and nobody holds anything
    let dry = world.cascade(&of("other")).await;
    assert_eq!((dry.status.as_str(), dry.ended), ("QUEUED", false));
    assert_eq!(keys(&dry).iter().filter(|key| is_cancel(key)).count(), 4);
    assert!(keys(&dry).iter().all(|key| is_cancel(key) || key.starts_with("delete/")), "{:?}", keys(&dry));

    let done = world.claim(&world.worker).await;
    assert_eq!(world.cascade(&of("done")).await.status, "CLAIMED");
    world.carry_out(&world.worker, &done, "src/a.rs").await;
    world.app.cancel_job(&world.person, &of("other"), None).await.unwrap();
    for (title, status) in [("done", "DONE"), ("other", "CANCELLED")] {
        let dry = world.cascade(&of(title)).await;
        assert_eq!((dry.status.as_str(), dry.ended, dry.cascaded), (status, true, false));
        assert!(dry.verdict.contains("cannot fail any more"), "{}", dry.verdict);
        assert_eq!(keys(&dry).iter().filter(|key| is_cancel(key)).count(), 3, "{title}");
    }
    // A failure of the surroundings cancels nobody, and so its plan is still one of what would be.
    for _ in 0..3 {
        assert_eq!(world.claim(&world.worker).await.task.unwrap().title, "fails");
        world.pass(301);
    }
    world.app.sweep().await.unwrap();
    let dry = world.cascade(&of("fails")).await;
    assert_eq!((dry.status.as_str(), dry.ended, dry.cascaded), ("FAILED", true, false));
    assert_eq!(keys(&dry).iter().filter(|key| is_cancel(key)).count(), 2);
    world.sound().await;
}

#[tokio::test]
async fn a_branch_of_a_run_that_goes_on_stays() {
    let product = AddProduct { pr_strategy: Some("SPRINT".into()), ..AddProduct::default() };
    let world = World::with(product).await;
    let one = world.import(&plan("one", &[&[("first", "- `src/a.rs`", "ANY")]])).await;
    world.start(&[&one.pbi.code]).await.unwrap();
    let two = world.import(&plan("two", &[&[("guest", "- `src/b.rs`", "ANY")]])).await;
    world.later(one.pbi.id, "second", &[&one.pbi.code, &two.pbi.code]).await;
    let ids = world.ids().await;
    let branch = async |title: &str| world.job(&ids[title]).await.job.branch.unwrap();
    let (first, second) = (branch("first").await, branch("second").await);
    assert_eq!((branch("guest").await == second, first == second), (true, false));
    let dry = world.cascade(&ids["first"]).await;
    // `guest` is of another item and another run: neither is it cancelled nor is its branch deleted.
    assert_eq!(keys(&dry)[0], format!("cancel/{}", ids["second"]));
    assert!(keys(&dry)[1].starts_with("delete/") && keys(&dry)[1].ends_with(&first), "{:?}", keys(&dry));
    assert_eq!(keys(&dry).len(), 2);
}

#[tokio::test]
async fn what_began_after_the_cascade_has_no_part_in_it() {
    let world = World::new().await;
    let run = world.begin(&[&[("first", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let id = job.job_id.clone().unwrap();
    world.report(&world.worker, &job, Failed).await.unwrap();
    let before = world.cascade(&id).await;
    assert!(before.cascaded);
    assert_eq!(keys(&before).len(), 1, "the branch of its story: {:?}", keys(&before));
    assert!(keys(&before)[0].starts_with("delete/"), "{:?}", keys(&before));

    world.pass(1);
    let task_id = job.task.as_ref().unwrap().id.clone();
    let again = UpdateTaskStatus { task_id, status: "todo".into(), sprint_run_id: None };
    world.app.update_task_status(&world.person, again).await.unwrap();
    let ask =
        StartSprint { product: "shop".into(), sprint_id: Some(run.sprint_id), ..StartSprint::default() };
    world.app.start_sprint(&world.person, ask).await.unwrap();
    let new = world.claim(&world.worker).await;
    assert_eq!((new.branch_name.clone(), new.job_id == job.job_id), (job.branch_name, false));
    assert_eq!(keys(&world.cascade(&id).await), [""; 0]);
    // Nor is it undone when it has ended and was merged.
    world.carry_out(&world.worker, &new, "src/a.rs").await;
    assert_eq!(keys(&world.cascade(&id).await), [""; 0]);
    world.publish(&id, "9", true).await;
    assert_eq!(keys(&world.cascade(&id).await), [""; 0]);
}
