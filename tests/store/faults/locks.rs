//! Deadlocks, locks that take too long, and server processes that are ended before the commit.

use sprintgate::flow::wire::UpdateTaskStatus;
use sqlx::{AssertSqlSafe, Executor};

use super::super::database::Connection;
use super::house::{House, seen};
use crate::flow::world::plan;

const WAITING: &str = "SELECT pid FROM pg_stat_activity \
    WHERE datname = current_database() AND application_name = 'sprintgate' AND wait_event_type = 'Lock'";

async fn task(house: &House) -> UpdateTaskStatus {
    let made = house.world.import(&plan("p", &[&[("one", "x", "ALIGNED")]])).await;
    UpdateTaskStatus { task_id: made.tasks[0].id.clone(), status: "in_progress".into(), sprint_run_id: None }
}

/// Somebody begins a transaction and locks what a call will want.
async fn lock(raw: &mut Connection, table: &str) {
    raw.execute("BEGIN").await.unwrap();
    raw.execute(AssertSqlSafe(format!("SELECT 1 FROM {table} FOR UPDATE"))).await.unwrap();
}

/// The task was moved, and once only.
async fn moved(house: &House) {
    let sql = "SELECT count(*) FROM ledger WHERE machine = 'task' AND event <> 'create'";
    let moves: i64 = sqlx::query_scalar(sql).fetch_one(&mut house.raw().await).await.unwrap();
    assert_eq!(moves, 1);
    house.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_loses_a_deadlock_tries_again() {
    let house = House::new().await;
    let (ask, mut raw, mut other) = (task(&house).await, house.raw().await, house.raw().await);
    // So that it is never this one that gives way.
    raw.execute("SET deadlock_timeout = '100s'").await.unwrap();
    lock(&mut raw, "tasks").await;
    let (app, person) = (&house.world.app, &house.world.person);
    let (said, ()) = tokio::join!(app.update_task_status(person, ask), async {
        seen::<i32>(&mut other, "a call that waits", WAITING).await;
        // The call holds the product and wants the task.
        raw.execute("SELECT 1 FROM products FOR UPDATE").await.unwrap();
        raw.execute("COMMIT").await.unwrap();
    });
    assert_eq!(said.unwrap().status, "in_progress");
    moved(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_takes_too_long_is_asked_for_again() {
    let house = House::new().await;
    let (ask, mut raw, mut other) = (task(&house).await, house.raw().await, house.raw().await);
    lock(&mut raw, "products").await;
    let (app, person) = (&house.world.app, &house.world.person);
    let (said, ()) = tokio::join!(app.update_task_status(person, ask), async {
        let began = WAITING.replace("pid", "xact_start::text");
        let first: String = seen(&mut other, "a call that waits", &began).await;
        let again = format!("{began} AND xact_start <> '{first}'");
        seen::<String>(&mut other, "a second try", &again).await;
        raw.execute("COMMIT").await.unwrap();
    });
    assert_eq!(said.unwrap().status, "in_progress");
    moved(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_process_that_is_ended_before_the_commit_is_replaced() {
    let house = House::new().await;
    let (ask, mut raw, mut other) = (task(&house).await, house.raw().await, house.raw().await);
    lock(&mut raw, "tasks").await;
    let (app, person) = (&house.world.app, &house.world.person);
    let (said, ()) = tokio::join!(app.update_task_status(person, ask), async {
        let pid: i32 = seen(&mut other, "a call that waits", WAITING).await;
        other.execute(AssertSqlSafe(format!("SELECT pg_terminate_backend({pid})"))).await.unwrap();
        raw.execute("COMMIT").await.unwrap();
    });
    assert_eq!(said.unwrap().status, "in_progress");
    moved(&house).await;
}
