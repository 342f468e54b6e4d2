//! Bad input: a clear coded error each, and the database unchanged.

use serde_json::json;
use sprintgate::domain::actor::Actor;
use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::gate::Policy;
use sprintgate::domain::id::WorkerId;
use sprintgate::domain::job::{AnyJob, Claim, Kind, LEASE};
use sprintgate::flow::wire::ReportStatus::{Done, Running};
use sprintgate::flow::wire::*;
use sprintgate::flow::{AddProduct, Session};
use sprintgate::store::{NewJob, Secret, Stamp};
use sqlx::Executor as _;

use super::world::{World, code, id, plan, report};

#[tokio::test]
async fn tokens_that_are_not_good_do_nothing() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let nobody = Session::worker(None, WorkerId::new("x").unwrap());
    let stranger = Session::worker(Some(&Secret::shown("sg_guess")), WorkerId::new("x").unwrap());
    for session in [&nobody, &stranger] {
        assert_eq!(code(world.wait(session).await), "UNAUTHENTICATED");
        assert_eq!(code(world.app.list_products(session).await), "UNAUTHENTICATED");
    }
    assert_eq!(world.app.health().await.database, "ok");
    assert_eq!(world.jobs().await, ["T-1 QUEUED"]);
}

#[tokio::test]
async fn another_users_things_are_absent() {
    let world = World::new().await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let (_, token) = world.app.enrol("bob", "test").await.unwrap();
    let bob = Session::worker(Some(&token), WorkerId::new("bob").unwrap());
    assert_eq!(world.wait(&bob).await.unwrap().status, "timeout");
    let codes = [
        code(world.beat(&bob, &job).await),
        code(world.report(&bob, &job, Done).await),
        code(world.verify(&bob, &job).await),
        code(world.app.show_job(&bob, &run.jobs[0].job_id).await),
        code(world.app.explain(&bob, &run.jobs[0].job_id).await),
        code(world.app.plan_cascade(&bob, &run.jobs[0].job_id).await),
        code(world.app.cancel_job(&bob, &run.jobs[0].job_id, None).await),
        code(world.app.give_back(&bob, &id(&job), 1, "x").await),
        code(world.app.import(&bob, "shop", &plan("p", &[&[("t", "p", "ANY")]])).await),
    ];
    assert_eq!(codes, ["NOT_FOUND"; 9]);
    // What is not his looks exactly like what does not exist.
    let real = world.app.show_job(&bob, &run.jobs[0].job_id).await.unwrap_err().to_json().to_string();
    let none = world.app.show_job(&bob, "nothing").await.unwrap_err().to_json().to_string();
    assert_eq!(real.replace(&run.jobs[0].job_id, "nothing"), none);
}

/// A branch is one for all users of a repository; who holds it is told to those only whose job it is.
#[tokio::test]
async fn who_holds_a_branch_is_not_told_to_strangers() {
    let world = World::new().await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let (bob, token) = world.app.enrol("bob", "test").await.unwrap();
    let store = world.store().await;
    let stamp = Stamp::of(Actor::System);
    let mut tx = store.begin().await.unwrap();
    let mine = tx.job(&run.jobs[0].job_id.parse().unwrap()).await.unwrap().unwrap();
    let theirs = NewJob {
        id: "of-bob".parse().unwrap(),
        user: bob.id,
        product: mine.product,
        task: None,
        idea: None,
        run: mine.run,
        kind: Kind::SprintImplementation,
        sequence: 9,
        branch: mine.branch,
        repo_url: mine.repo_url,
        ready: true,
    };
    tx.add_job(&theirs, &stamp).await.unwrap();
    let AnyJob::Queued(queued) = AnyJob::try_from(tx.job(&theirs.id).await.unwrap().unwrap().row).unwrap()
    else {
        panic!("it is queued")
    };
    let token = tx.token_by_hash(&token.hash()).await.unwrap().unwrap().id;
    let claim =
        Claim { token, worker: WorkerId::new("w2").unwrap(), plan: String::new(), policy: Policy::default() };
    let step = queued.claim(claim, tx.now(), LEASE).unwrap();
    let attempt = Attempt::begun(&step, "there".into(), None);
    tx.claim(step.into(), &attempt, &stamp).await.unwrap();
    tx.commit().await.unwrap();

    let said = world.app.explain(&world.person, &run.jobs[0].job_id).await.unwrap();
    assert_eq!(said.verdict, "a worker holds a job of somebody else on its branch");
    assert_eq!(said.guard_read, Some(json!({ "guard": "branch_is_free", "by": null })));
    let told = serde_json::to_string(&said).unwrap();
    assert!(!told.contains("of-bob") && !told.contains("bob"), "{told}");
}

#[tokio::test]
async fn one_token_cannot_speak_for_another_tokens_attempt() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let (_, second) = world.app.enrol("ann", "second").await.unwrap();
    let second = Session::worker(Some(&second), WorkerId::new("w2").unwrap());
    assert_eq!(code(world.beat(&second, &job).await), "PERMISSION_DENIED");
    assert_eq!(code(world.report(&second, &job, Running).await), "PERMISSION_DENIED");
}

#[tokio::test]
async fn an_agents_token_works_for_its_attempt_only() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let other = world.claim(&world.worker).await;
    let token = world.app.attempt_token(&world.worker, &id(&job), 1).await.unwrap();
    let agent = Session::worker(Some(&token), WorkerId::new("agent").unwrap());
    world.beat(&agent, &job).await.unwrap();
    world.report(&agent, &job, Running).await.unwrap();
    assert_eq!(code(world.wait(&agent).await), "PERMISSION_DENIED");
    assert_eq!(code(world.beat(&agent, &other).await), "NOT_FOUND");
    assert_eq!(code(world.verify(&agent, &other).await), "NOT_FOUND");
    let pbi = CreatePbi { product_id: "x".into(), title: "t".into(), priority: 1, ..CreatePbi::default() };
    assert_eq!(code(world.app.create_pbi(&agent, pbi).await), "PERMISSION_DENIED");
    let ask = |task_id: &str, status: &str| UpdateTaskStatus {
        task_id: task_id.into(),
        status: status.into(),
        sprint_run_id: None,
    };
    let own = job.task.as_ref().unwrap().id.clone();
    assert_eq!(code(world.app.update_task_status(&agent, ask(&own, "done")).await), "TASK_HELD");
    let foreign = other.task.as_ref().unwrap().id.clone();
    assert_eq!(code(world.app.update_task_status(&agent, ask(&foreign, "review")).await), "NOT_FOUND");
    world.carry_out(&agent, &job, "src/a.rs").await;
    assert_eq!(code(world.beat(&agent, &job).await), "ALREADY_TERMINAL");
    // What is left is to learn what became of its job.
    assert_eq!(code(world.app.list_products(&agent).await), "PERMISSION_DENIED");
    assert_eq!(
        code(world.app.check_queue_empty(&agent, CheckQueueEmpty::default()).await),
        "PERMISSION_DENIED"
    );
    assert_eq!(code(world.app.list_jobs(&agent, Default::default()).await), "PERMISSION_DENIED");
}

#[tokio::test]
async fn arguments_that_do_not_fit_change_nothing() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let before = world.job(job.job_id.as_deref().unwrap()).await;
    let with = |change: fn(&mut UpdateJobStatus)| {
        let mut ask = report(&job, Done);
        change(&mut ask);
        ask
    };
    let rows: Vec<UpdateJobStatus> = vec![
        with(|ask| ask.job_id = "../etc".into()),
        with(|ask| ask.job_id = "x".repeat(100_000)),
        with(|ask| ask.attempt = Some(0)),
        with(|ask| ask.attempt = Some(-1)),
        with(|ask| ask.attempt = Some(99)),
        with(|ask| ask.attempt = Some(i64::MAX)),
        with(|ask| ask.branch = Some("--force".into())),
        with(|ask| ask.branch = Some("../x".into())),
        with(|ask| ask.branch = Some("main".into())),
        with(|ask| ask.branch = Some(String::new())),
        with(|ask| ask.summary = Some("x".repeat(1001))),
        with(|ask| ask.summary = Some("a\0b".into())),
        with(|ask| ask.error = Some("x".repeat(2001))),
        with(|ask| ask.error = Some("\u{1b}[2J".into())),
        with(|ask| ask.model_id = Some("x".repeat(201))),
        with(|ask| ask.input_tokens = Some(-1)),
        with(|ask| ask.request_id = Some(String::new())),
        with(|ask| ask.request_id = Some("x".repeat(201))),
    ];
    for ask in rows {
        let shown = format!("{ask:?}").chars().take(200).collect::<String>();
        assert_eq!(
            code(world.app.update_job_status(&world.worker, ask).await),
            "VALIDATION_ERROR",
            "{shown}"
        );
    }
    for seconds in [-1, 601, i64::MAX, i64::MIN] {
        let ask = WaitForJob { wait_seconds: Some(seconds), ..WaitForJob::default() };
        let gone = tokio_util::sync::CancellationToken::new();
        assert_eq!(code(world.app.wait_for_job(&world.worker, ask, &gone).await), "VALIDATION_ERROR");
    }
    assert_eq!(world.job(job.job_id.as_deref().unwrap()).await, before);
    world.sound().await;
}

#[tokio::test]
async fn a_claim_that_nobody_receives_is_given_back() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let gone = tokio_util::sync::CancellationToken::new();
    gone.cancel();
    let ask = WaitForJob { wait_seconds: Some(5), ..WaitForJob::default() };
    assert_eq!(code(world.app.wait_for_job(&world.worker, ask, &gone).await), "REQUEST_CANCELLED");
    assert_eq!(world.jobs().await, ["T-1 QUEUED"]);
    world.sound().await;
}

#[tokio::test]
async fn a_job_without_a_clone_goes_back_with_the_reason() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    std::fs::rename(world.clone_dir(), world.dir.path().join("moved")).unwrap();
    assert_eq!(code(world.wait(&world.worker).await), "NO_REPO_ROOT");
    let jobs = world.app.list_jobs(&world.person, Default::default()).await.unwrap();
    let shown = world.app.explain(&world.person, &jobs[0].job_id).await.unwrap();
    assert_eq!((shown.status.as_str(), shown.guard.as_deref()), ("QUEUED", Some("time_has_come")));
    world.sound().await;
}

#[tokio::test]
async fn another_users_run_looks_like_none() {
    let world = World::new().await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let (_, token) = world.app.enrol("bob", "test").await.unwrap();
    let bob = Session::person(Some(&token), WorkerId::new("b1").unwrap());
    let product = AddProduct { name: "his".into(), ..AddProduct::default() };
    world.app.add_product(&bob, product).await.unwrap();
    let his = plan("item", &[&[("his", "- `src/a.rs`", "ANY")]]);
    let task_id = world.app.import(&bob, "his", &his).await.unwrap().tasks[0].id.clone();
    let mut said = Vec::new();
    for given in [run.sprint_run_id.as_str(), "there-is-none"] {
        let ask = UpdateTaskStatus {
            task_id: task_id.clone(),
            status: "in_progress".into(),
            sprint_run_id: Some(given.into()),
        };
        let refused = world.app.update_task_status(&bob, ask).await.unwrap_err();
        said.push(refused.to_json().to_string().replace(given, "ID"));
    }
    assert_eq!(said[0], said[1]);
}

#[tokio::test]
async fn a_demo_account_reads_and_never_writes() {
    let world = World::new().await;
    let made = world.import(&plan("item", &[&[("one", "- `src/a.rs`", "ANY")]])).await;
    let run = world.start(&[&made.pbi.code]).await.unwrap();
    let job = world.claim(&world.worker).await;
    world.raw().await.execute("UPDATE users SET is_demo = TRUE").await.unwrap();
    let before = world.job(&run.jobs[0].job_id).await;
    let task_id = made.tasks[0].id.clone();
    let pbi = CreatePbi { product_id: "p".into(), title: "t".into(), priority: 1, ..CreatePbi::default() };
    let status = UpdateTaskStatus { task_id: task_id.clone(), status: "review".into(), sprint_run_id: None };
    let text = UpdateTaskPlan { task_id, implementation_plan: "x".into() };
    let codes = [
        code(world.wait(&world.worker).await),
        code(world.beat(&world.worker, &job).await),
        code(world.verify(&world.worker, &job).await),
        code(world.report(&world.worker, &job, Running).await),
        code(world.app.create_pbi(&world.worker, pbi).await),
        code(world.app.update_task_status(&world.worker, status).await),
        code(world.app.update_task_plan(&world.worker, text).await),
        code(world.app.check_queue_empty(&world.worker, CheckQueueEmpty::default()).await),
        code(world.app.cancel_job(&world.person, &run.jobs[0].job_id, None).await),
        code(world.app.import(&world.person, "shop", &plan("p", &[&[("t", "p", "ANY")]])).await),
        code(world.start(&[&made.pbi.code]).await),
        code(world.app.give_back(&world.worker, &id(&job), 1, "x").await),
    ];
    assert_eq!(codes, ["FORBIDDEN_DEMO"; 12]);
    assert_eq!(world.app.list_products(&world.worker).await.unwrap().result.len(), 1);
    assert_eq!(world.job(&run.jobs[0].job_id).await, before);
    world.sound().await;
}
