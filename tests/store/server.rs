//! A PostgreSQL server: opened once however many do it at once, refused when it is from the future or cannot be
//! reached, and used again after it hung up.

use std::time::Duration;

use sprintgate::store::postgres::{Clock, DatabaseUrl, PostgresStore, PostgresUpkeep};
use sprintgate::store::{Store, StoreError, Upkeep};
use sqlx::Executor;

use super::ctx::{Ctx, id};
use super::database::Database;
use super::raw::connect;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_open_a_new_database_at_once() {
    let database = std::sync::Arc::new(Database::empty().await);
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let database = std::sync::Arc::clone(&database);
        opening.spawn(async move {
            let store = database.open(Clock::Database).await;
            let version = store.schema_version().await.unwrap();
            store.close().await;
            version
        });
    }
    assert_eq!(opening.join_all().await, [110; 8]);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    raw.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (999, 'from the future', TRUE, '', 0)",
    )
    .await
    .unwrap();
    let error = PostgresStore::open(ctx.database.url(), Clock::Database).await.err().unwrap();
    assert!(matches!(error, StoreError::Newer { found: 999, known: 110 }), "{error}");
}

/// A program that uses the same library keeps its migrations in a table of the same name.
#[tokio::test]
async fn the_schema_of_another_program_is_not_taken_for_a_newer_one_of_ours() {
    let database = Database::empty().await;
    let mut raw = database.connect().await;
    raw.execute(
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
             execution_time BIGINT NOT NULL); \
         INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (20260101000000, 'theirs', TRUE, '', 0)",
    )
    .await
    .unwrap();
    let error = PostgresStore::open(database.url(), Clock::Database).await.err().unwrap();
    let kept = PostgresUpkeep::new(&DatabaseUrl::parse(database.url()).unwrap()).unwrap();
    for error in [error, kept.schema().await.err().unwrap()] {
        let StoreError::Open { source, .. } = &error else { panic!("{error}") };
        assert!(source.to_string().contains("another program"), "{source}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    let url = "postgres://ann:secret@127.0.0.1:1/shop";
    let error = PostgresStore::open(url, Clock::Database).await.err().unwrap();
    assert!(matches!(&error, StoreError::Open { at, .. } if at == "127.0.0.1:1/shop"), "{error}");
    for url in ["mysql://ann:secret@host/shop", "secret"] {
        let error = PostgresStore::open(url, Clock::Database).await.err().unwrap();
        assert!(
            matches!(&error, StoreError::Open { .. }) && !error.to_string().contains("secret"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_connection_that_hung_up_is_replaced_and_what_was_missed_wakes() {
    let ctx = Ctx::new().await;
    let other = ctx.database.open(Clock::Database).await;
    let mut there = other.changes();
    let mut raw = connect(&ctx).await;
    let hang_up = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE datname = current_database() AND application_name = 'sprintgate'";
    raw.execute(hang_up).await.unwrap();
    let patience = Duration::from_secs(20);
    tokio::time::timeout(patience, there.changed()).await.expect("a gap wakes").unwrap();
    ctx.job("j").await;
    tokio::time::timeout(patience, async {
        while other.read().await.unwrap().job(&id("j")).await.unwrap().is_none() {
            there.changed().await.unwrap();
        }
    })
    .await
    .expect("the other store goes on");
    there.mark_unchanged();
    ctx.cancel(&id("j"), sprintgate::domain::job::Stop::by_user("not needed")).await;
    tokio::time::timeout(patience, there.changed()).await.expect("it listens again").unwrap();
}
