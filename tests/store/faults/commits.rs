//! Connections that are lost around a commit: everything asked for happens once, and its answer is the first one.

use std::collections::BTreeMap;
use std::time::Duration;

use sprintgate::flow::wire::{CreateStory, CreateTask, ReportStatus, UpdateTaskPlan, UpdateTaskStatus};
use sprintgate::store::postgres::{Clock, PostgresStore};
use sprintgate::store::{Store, StoreError};
use sqlx::{AssertSqlSafe, Executor};
use tokio::time::Instant;

use super::super::ctx::{self, Ctx, stamp, task};
use super::super::database::Connection;
use super::super::pooler::Pooler;
use super::house::{House, seen};
use super::proxy::{Cut, Proxy};
use crate::flow::world::id;

/// Every use case that a worker has, and those that a person has most. Says what the database holds then.
async fn life(house: &House) -> BTreeMap<String, i64> {
    let world = &house.world;
    let (app, worker, person) = (&world.app, &world.worker, &world.person);
    world
        .begin(&[&[("one", "Change `src/a.rs`", "ALIGNED")], &[("two", "Change `src/b.rs`", "ALIGNED")]])
        .await;

    let pbi = app.create_pbi(person, house.ask().await).await.unwrap();
    let ask = CreateStory { pbi_id: pbi.id, title: "s".into(), priority: 1, ..CreateStory::default() };
    let story = app.create_story(person, ask).await.unwrap();
    let ask = CreateTask { story_id: story.id, title: "t".into(), priority: 1, ..CreateTask::default() };
    let task = app.create_task(person, ask).await.unwrap();
    let ask = UpdateTaskPlan { task_id: task.id.clone(), implementation_plan: "x".into() };
    app.update_task_plan(person, ask).await.unwrap();
    let ask = UpdateTaskStatus { task_id: task.id, status: "in_progress".into(), sprint_run_id: None };
    assert_eq!(app.update_task_status(person, ask).await.unwrap().status, "in_progress");

    let job = world.claim(worker).await;
    world.beat(worker, &job).await.unwrap();
    let said = world.report(worker, &job, ReportStatus::Running).await.unwrap();
    assert_eq!((said.status.as_str(), said.replayed), ("running", false));
    app.attempt_token(worker, &id(&job), 1).await.unwrap();
    let said = world.carry_out(worker, &job, "src/a.rs").await;
    assert_eq!((said.status.as_str(), said.replayed), ("done", false));

    let job = world.claim(worker).await;
    let line = app.give_back(worker, &id(&job), 1, "not now").await.unwrap();
    assert_eq!(line.status, "QUEUED");
    world.pass(60);
    let job = world.claim(worker).await;
    assert_eq!(job.attempt, Some(2));
    let line = app.cancel_job(person, job.job_id.as_deref().unwrap(), None).await.unwrap();
    assert_eq!(line.status, "CANCELLED");
    house.sound().await;
    held(&mut house.raw().await).await
}

/// Moves by machine and event, and rows of what has no machine.
async fn held(raw: &mut Connection) -> BTreeMap<String, i64> {
    let sql = "SELECT machine || ' ' || event, count(*) FROM ledger GROUP BY 1 \
        UNION ALL SELECT 'products', count(*) FROM products UNION ALL SELECT 'outbox', count(*) FROM outbox";
    let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(raw).await.unwrap();
    rows.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_life_is_the_same_whichever_commits_are_cut() {
    let house = House::new().await;
    let without = life(&house).await;
    assert_eq!(house.proxy.cuts(), 0);
    for cut in [Cut::Before, Cut::After, Cut::Amid] {
        let mut cuts = 0;
        for next in [true, false] {
            let house = House::new().await;
            house.proxy.cut(cut, next);
            assert_eq!(life(&house).await, without, "{cut:?}");
            cuts += house.proxy.cuts();
        }
        assert!(cuts >= 20, "{cut:?}: only {cuts} cuts");
    }
}

/// The first commit of a row of the ledger takes so many seconds.
async fn slow(raw: &mut Connection, seconds: u32) {
    let sql = format!(
        "CREATE SEQUENCE slow; \
         CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN IF nextval(''slow'') = 1 THEN PERFORM pg_sleep({seconds}); END IF; RETURN NULL; END'; \
         CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ledger DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION slow()"
    );
    raw.execute(AssertSqlSafe(sql)).await.unwrap();
}

const COMMITTING: &str = "SELECT pid FROM pg_stat_activity \
    WHERE datname = current_database() AND query = 'COMMIT' AND wait_event = 'PgSleep'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_still_goes_on_is_waited_for() {
    let house = House::new().await;
    let ask = house.ask().await;
    slow(&mut house.raw().await, 1).await;
    house.proxy.cut(Cut::Amid, true);
    let begun = Instant::now();
    house.world.app.create_pbi(&house.world.person, ask).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!((house.proxy.cuts(), house.done().await), (1, 1));
    house.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_server_process_is_ended_is_made_again() {
    let house = House::new().await;
    let (ask, mut raw) = (house.ask().await, house.raw().await);
    slow(&mut raw, 60).await;
    let (app, person) = (&house.world.app, &house.world.person);
    let (made, ()) = tokio::join!(app.create_pbi(person, ask), async {
        let pid: i32 = seen(&mut raw, "a commit", COMMITTING).await;
        raw.execute(AssertSqlSafe(format!("SELECT pg_terminate_backend({pid})"))).await.unwrap();
    });
    made.unwrap();
    assert_eq!(house.done().await, 1);
    house.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_that_nobody_can_look_up_is_called_unknown() {
    let house = House::new().await;
    let (ask, mut raw) = (house.ask().await, house.raw().await);
    slow(&mut raw, 1).await;
    house.proxy.cut(Cut::Amid, true);
    let (app, person) = (&house.world.app, &house.world.person);
    let (made, ()) = tokio::join!(app.create_pbi(person, ask), async {
        seen::<i32>(&mut raw, "a commit", COMMITTING).await;
        house.proxy.close();
    });
    let error = made.unwrap_err().to_json();
    assert_eq!(
        (&error["code"], &error["retry"]),
        (&"OUTCOME_UNKNOWN".into(), &"after_fix".into()),
        "{error}"
    );
    house.proxy.cut(Cut::Never, false);
    house.proxy.open();
    seen::<i64>(&mut raw, "it", "SELECT 1::bigint FROM pbis WHERE title = 'asked once'").await;
    assert_eq!(house.done().await, 1);
    house.sound().await;
}

/// What is asked outside of a transaction, a pooler may give to one connection of the server in its first half and to
/// another one in its second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_pooler_the_end_of_a_commit_is_looked_up_too() {
    for (cut, lasts) in [(Cut::After, true), (Cut::Before, false)] {
        let ctx = Ctx::new().await;
        let pooler = Pooler::new(ctx.database.url(), 3).await;
        let proxy = Proxy::before(&pooler.url());
        let store = PostgresStore::open(proxy.url(), Clock::Database).await.unwrap();
        for n in 0..4 {
            let name = format!("t{n}");
            let mut tx = store.begin().await.unwrap();
            tx.add_task(&task(&name), &stamp()).await.unwrap();
            proxy.cut(cut, true);
            let committed = tx.commit().await;
            proxy.cut(Cut::Never, true);
            match &committed {
                Ok(()) => assert!(lasts, "{name}"),
                Err(StoreError::Away(_)) => assert!(!lasts, "{name}"),
                Err(other) => panic!("{cut:?} {name}: {other}"),
            }
            let there = ctx.store.read().await.unwrap().task(&ctx::id("u"), &ctx::id(&name)).await.unwrap();
            assert_eq!(there.is_some(), lasts, "{name}");
        }
        assert_eq!(proxy.cuts(), 4);
    }
}
