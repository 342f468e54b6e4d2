//! On a server that others use: everything in a schema of its own, nothing else touched, nothing left behind.

use std::pin::pin;

use sprintgate::conformance::{CHECKS, Check, Database, Failed, Scale, Schema, clean, left_over, run};
use sprintgate::store::postgres::DatabaseUrl;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio_util::sync::CancellationToken;

use super::empty;

/// Tables of somebody else, named as ours, with rows that would be in our way; and a schema named almost as ours.
const THEIRS: &str = "
    CREATE TABLE claude_jobs (id text PRIMARY KEY, status text);
    INSERT INTO claude_jobs VALUES ('mine', 'QUEUED');
    CREATE TABLE _sqlx_migrations (version bigint, success boolean);
    INSERT INTO _sqlx_migrations VALUES (99, TRUE);
    CREATE TABLE ledger (id integer); INSERT INTO ledger VALUES (7);
    CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not yours'; END $$;
    CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON claude_jobs EXECUTE FUNCTION keep();
    CREATE SCHEMA sprintgate_selftest_mine; CREATE TABLE sprintgate_selftest_mine.t (n integer);
    CREATE SCHEMA sprintgate_selftest_00000000; CREATE TABLE sprintgate_selftest_00000000.t (n integer)
";

/// Everything there is outside of the server's own schemas, with its rows.
async fn everything(raw: &mut PgConnection) -> Vec<String> {
    let sql = "SELECT n.nspname || '.' || c.relname || ' ' || c.oid || ' ' || coalesce(c.relacl::text, '') \
        || ' ' || coalesce(c.reltuples::text, '') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
        UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_temp%' \
            AND nspname NOT LIKE 'pg\\_toast\\_temp%' \
        UNION ALL SELECT 'job ' || id || ' ' || status FROM public.claude_jobs \
        UNION ALL SELECT 'migration ' || version FROM public._sqlx_migrations \
        UNION ALL SELECT 'ledger ' || id FROM public.ledger \
        UNION ALL SELECT 'function ' || oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1";
    sqlx::query_scalar(sql).fetch_all(raw).await.unwrap()
}

fn check(name: &str) -> &'static Check {
    CHECKS.iter().find(|check| check.name == name).unwrap()
}

async fn theirs() -> (DatabaseUrl, PgConnection, Vec<String>) {
    let url = empty().await;
    let mut raw = PgConnection::connect(url.reveal()).await.unwrap();
    raw.execute(THEIRS).await.unwrap();
    let before = everything(&mut raw).await;
    (url, raw, before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tables_of_others_are_not_touched() {
    let (url, mut raw, before) = theirs().await;
    for name in ["births_are_the_law", "limits_are_kept", "a_request_has_one_effect"] {
        let outcome =
            run(check(name), &Database::Postgres(url.clone()), Scale::BRIEF, &CancellationToken::new()).await;
        outcome.seen.unwrap_or_else(|failed| panic!("{name}: {failed}"));
        assert_eq!(everything(&mut raw).await, before, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_stopped_in_the_middle_leaves_nothing() {
    let (url, mut raw, before) = theirs().await;
    let stop = CancellationToken::new();
    let inside = "SELECT count(*) FROM pg_tables WHERE schemaname ~ '^sprintgate_selftest_[0-9a-f]{8}$' \
        AND tablename = 'outbox'";
    let watching = async {
        while sqlx::query_scalar::<_, i64>(inside).fetch_one(&mut raw).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
        stop.cancel();
    };
    let database = Database::Postgres(url.clone());
    let mut running = pin!(run(check("sixteen_workers_share_the_queue"), &database, Scale::FULL, &stop));
    tokio::select! {
        outcome = &mut running => panic!("it ended by itself: {:?}", outcome.seen),
        () = watching => {}
    }
    let outcome = running.await;
    assert!(matches!(outcome.seen, Err(Failed::Stopped)), "{:?}", outcome.seen);
    assert_eq!(everything(&mut raw).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_killed_run_left_is_named_and_removed_and_nothing_else() {
    let (url, mut raw, before) = theirs().await;
    let stop = CancellationToken::new();
    let database = Database::Postgres(url.clone());
    let running = tokio::spawn({
        let (database, stop) = (database.clone(), stop.clone());
        async move { run(check("sixteen_workers_share_the_queue"), &database, Scale::FULL, &stop).await }
    });
    let inside = "SELECT schemaname::text FROM pg_tables WHERE schemaname ~ '^sprintgate_selftest_[0-9a-f]{8}$' \
        AND tablename = 'outbox'";
    let name = loop {
        match sqlx::query_scalar::<_, String>(inside).fetch_optional(&mut raw).await.unwrap() {
            Some(name) => break name,
            None => tokio::task::yield_now().await,
        }
    };
    // As long as it runs, it is nobody else's to remove.
    assert_eq!((left_over(&url).await.unwrap(), clean(&url).await.unwrap()), (vec![], vec![]));
    // As one that is killed does, it goes without removing anything.
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    let left = vec![Schema { name: name.clone() }];
    while left_over(&url).await.unwrap() != left {
        tokio::task::yield_now().await;
    }
    let renamed = format!("ALTER SCHEMA {name} RENAME TO sprintgate_selftest_0000000a");
    raw.execute(AssertSqlSafe(renamed)).await.unwrap();
    assert_eq!(clean(&url).await.unwrap(), [Schema { name: "sprintgate_selftest_0000000a".into() }]);
    assert_eq!(everything(&mut raw).await, before);
    assert_eq!(clean(&url).await.unwrap(), []);
}
