//! A server has others: rows that came from another server, transactions that last, strangers, and users that may not
//! do everything.

use std::time::Duration;

use sprintgate::domain::job::Stop;
use sprintgate::store::postgres::{Clock, PostgresStore};
use sprintgate::store::{NewUser, Of, Place, Store, StoreError};
use sqlx::{AssertSqlSafe, Executor};

use super::ctx::{Ctx, id, stamp, task};
use super::database::settled;
use super::raw::connect;

/// How long the other one may take.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn rows_of_another_server_hide_nothing_that_is_written_here() {
    let ctx = Ctx::new().await;
    settled(&ctx).await;
    let mut tx = ctx.store.begin().await.unwrap();
    let last = tx.newest_events(1).await.unwrap()[0].place;
    tx.add_consumer("mail", last).await.unwrap();
    tx.commit().await.unwrap();
    let mut raw = connect(&ctx).await;
    // As a dump of a server that had counted further.
    raw.execute(
        "SET session_replication_role = replica; UPDATE outbox SET xid = xid + 1000000000; \
         UPDATE outbox_consumers SET place_xid = place_xid + 1000000000; SET session_replication_role = origin",
    )
    .await
    .unwrap();
    let store = ctx.database.open(Clock::Database).await;
    let mut tx = store.begin().await.unwrap();
    tx.add_task(&task("new"), &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    settled(&ctx).await;
    let place = Place { xid: last.xid + 1_000_000_000, ..last };
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.unseen(place).await.unwrap().events, 1);
    let told = tx.events_after(place, 10).await.unwrap();
    assert_eq!(told.iter().map(|told| told.event.entity.as_str()).collect::<Vec<_>>(), ["new"]);
    tx.prune_events(sprintgate::domain::time::Timestamp(i64::MAX / 1_000_000), 1000).await.unwrap();
    assert_eq!(tx.unseen(place).await.unwrap().events, 1, "nothing unseen is deleted");
    drop(tx);
    let base = "SELECT base FROM outbox_base";
    let raised: i64 = sqlx::query_scalar(base).fetch_one(&mut raw).await.unwrap();
    ctx.database.open(Clock::Database).await.close().await;
    let again: i64 = sqlx::query_scalar(base).fetch_one(&mut raw).await.unwrap();
    assert!(raised > 0 && again == raised, "{raised} {again}");
}

#[tokio::test]
async fn a_checkpoint_waits_a_moment_only_and_keeps_nobody_waiting_for_longer() {
    let ctx = Ctx::new().await;
    let mut long = ctx.store.begin().await.unwrap();
    long.add_task(&task("a"), &stamp()).await.unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    let error = tx.add_checkpoint(1000).await.err().unwrap();
    assert!(matches!(error, StoreError::Busy(_)), "{error}");
    drop(tx);
    ctx.job("b").await;
    long.commit().await.unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.add_checkpoint(1000).await.unwrap().is_some());
}

#[tokio::test]
async fn who_waited_has_the_time_of_its_turn() {
    let ctx = Ctx::new().await;
    let store = ctx.database.open(Clock::Database).await;
    let mut first = store.begin().await.unwrap();
    first.hold(Of::Product(&id("p")), None).await.unwrap();
    let mut raw = connect(&ctx).await;
    let mut second = store.begin().await.unwrap();
    let began = second.now();
    let turn = tokio::spawn(async move {
        second.hold(Of::Product(&id("p")), None).await.unwrap();
        second.now()
    });
    let waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
        AND wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut raw).await.unwrap() {
        tokio::task::yield_now().await;
    }
    let clock = "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)";
    let mut before: i64 = began.0;
    while before <= began.0 {
        before = sqlx::query_scalar(clock).fetch_one(&mut raw).await.unwrap();
    }
    first.commit().await.unwrap();
    let now = tokio::time::timeout(PATIENCE, turn).await.expect("its turn comes").unwrap();
    assert!(now.0 >= before && now > began, "{now:?} of {before}, begun {began:?}");
}

#[tokio::test]
async fn a_stranger_neither_waits_for_a_product_nor_holds_it() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_user(&NewUser { id: id("bob"), username: "bob".into(), is_demo: false }).await.unwrap();
    tx.commit().await.unwrap();
    ctx.job("j").await;
    let mut owner = ctx.store.begin().await.unwrap();
    owner.hold(Of::Job(&id("j")), Some(&id("u"))).await.unwrap();
    let mut stranger = ctx.store.begin().await.unwrap();
    let (job, product, ann, bob) = (id("j"), id("p"), id("u"), id("bob"));
    let passes = stranger.hold(Of::Job(&job), Some(&bob));
    tokio::time::timeout(Duration::from_secs(3), passes).await.expect("nobody is waited for").unwrap();
    drop(owner);
    let mut owner = ctx.store.begin().await.unwrap();
    let passes = owner.hold(Of::Product(&product), Some(&ann));
    tokio::time::timeout(Duration::from_secs(3), passes).await.expect("the stranger holds nothing").unwrap();
    stranger.commit().await.unwrap();
}

#[tokio::test]
async fn a_role_that_may_only_write_rows_opens_what_is_up_to_date_and_works_with_it() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let mut raw = connect(&ctx).await;
    let role = format!("clerk_{}_{}", std::process::id(), super::cluster::number());
    raw.execute(AssertSqlSafe(format!(
        "CREATE ROLE {role} LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}; \
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}; REVOKE UPDATE, DELETE ON ledger FROM {role}"
    )))
    .await
    .unwrap();
    let url = ctx.database.url().replace("user=postgres", &format!("user={role}"));
    let store = PostgresStore::open(&url, Clock::Database).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.add_task(&task("new"), &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    ctx.cancel(&id("j"), Stop::by_user("not needed")).await;
    store.close().await;
    raw.execute(AssertSqlSafe(format!("DROP OWNED BY {role}; DROP ROLE {role}"))).await.unwrap();
}

#[tokio::test]
async fn tables_of_a_session_do_not_hide_those_that_the_guards_look_at() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_consumer("mail", Place::START).await.unwrap();
    tx.commit().await.unwrap();
    let mut raw = connect(&ctx).await;
    raw.execute("CREATE TEMP TABLE outbox_consumers (LIKE public.outbox_consumers)").await.unwrap();
    let error = raw.execute("DELETE FROM outbox").await.unwrap_err();
    assert!(error.to_string().contains("a consumer has not seen this event"), "{error}");
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT p.proname::text FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang \
         WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'plpgsql' \
         AND NOT coalesce(p.proconfig::text LIKE '%search_path=public, pg_temp%', FALSE) ORDER BY 1",
    )
    .fetch_all(&mut raw)
    .await
    .unwrap();
    assert_eq!(open, Vec::<String>::new(), "these look wherever a session tells them to");
}

/// As the schema of a selftest beside the one that is worked in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemas_of_one_database_neither_wait_for_each_other_nor_wake_each_other() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    raw.execute("CREATE SCHEMA other").await.unwrap();
    let url = format!("{}&options[search_path]=other", ctx.database.url());
    let other = PostgresStore::open(&url, Clock::Database).await.unwrap();

    let job = ctx.job("j").await;
    ctx.claim(&job).await;
    ctx.pass(3_600_000);
    let mut sweeps = other.begin().await.unwrap();
    assert_eq!(sweeps.stale(ctx.now(), 9).await.unwrap(), []);
    let mut tx = ctx.store.begin().await.unwrap();
    assert_eq!(tx.stale(ctx.now(), 9).await.unwrap(), [job], "the other schema's sweep is not waited for");
    drop((tx, sweeps));

    let beside = ctx.database.open(Clock::Database).await;
    let (mut there, mut near) = (other.changes(), beside.changes());
    let before = *there.borrow_and_update();
    near.mark_unchanged();
    ctx.job("k").await;
    tokio::time::timeout(PATIENCE, near.changed())
        .await
        .expect("who works in the same schema hears")
        .unwrap();
    // Messages come in their order; one of an older version names no schema.
    raw.execute("NOTIFY sprintgate_commits, 'somebody'").await.unwrap();
    tokio::time::timeout(PATIENCE, there.changed()).await.expect("it listens").unwrap();
    assert_eq!(*there.borrow(), before + 1, "only the last one was meant for it");
}
