//! Behind a pooler that pools transactions nobody can listen, and a statement that was prepared is elsewhere: that is
//! noticed when the database is opened, and the store does without.

use std::sync::Arc;
use std::time::Duration;

use sprintgate::store::postgres::{Clock, DatabaseUrl, PostgresStore, PostgresUpkeep};
use sprintgate::store::{Store, StoreError, Upkeep};
use sqlx::postgres::{PgConnection, PgListener};
use sqlx::{Connection, Executor};
use tokio::time::timeout;

use super::ctx::{Ctx, claim, id, job_of, stamp, task};
use super::database::Database;
use super::pooler::Pooler;
use super::raw::connect;

const PATIENCE: Duration = Duration::from_secs(60);

/// The pooler of these tests does to a client what one does that is not careful.
#[tokio::test]
async fn the_pooler_breaks_listening_and_prepared_statements() {
    let ctx = Ctx::new().await;
    let pooler = Pooler::new(ctx.database.url(), 2).await;
    let mut client = PgConnection::connect(&pooler.url()).await.unwrap();
    let mut failed = 0;
    for _ in 0..4 {
        let one = sqlx::query_scalar::<_, i32>("SELECT $1 + 1").bind(1).fetch_one(&mut client).await;
        failed += usize::from(one.is_err());
    }
    assert!(failed > 0);
    let mut ear = PgListener::connect(&pooler.url()).await.unwrap();
    ear.listen("test").await.unwrap();
    connect(&ctx).await.execute("NOTIFY test").await.unwrap();
    assert!(timeout(Duration::from_millis(300), ear.recv()).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_who_work_behind_a_pooler_meet_no_error() {
    const EACH: usize = 12;
    let ctx = Ctx::new().await;
    let pooler = Pooler::new(ctx.database.url(), 3).await;
    let mut stores = Vec::new();
    for _ in 0..2 {
        stores.push(Arc::new(PostgresStore::open(&pooler.url(), Clock::Database).await.unwrap()));
    }
    assert_eq!(stores[0].schema_version().await.unwrap(), ctx.store.schema_version().await.unwrap());
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..8 {
        let store = Arc::clone(&stores[worker % 2]);
        workers.spawn(async move {
            for n in 0..EACH {
                let name = format!("j{worker}-{n}");
                let mut tx = store.begin().await.unwrap();
                tx.add_task(&task(&name), &stamp()).await.unwrap();
                tx.add_job(&job_of(&name), &stamp()).await.unwrap();
                tx.commit().await.unwrap();
                if n % 3 == 0 {
                    drop(store.begin().await.unwrap());
                }
                let mut tx = store.begin().await.unwrap();
                assert_eq!(claim(tx.as_mut(), &id(&name), "w").await.unwrap(), 1);
                tx.commit().await.unwrap();
                assert!(store.read().await.unwrap().job(&id(&name)).await.unwrap().is_some());
            }
        });
    }
    timeout(PATIENCE, workers.join_all()).await.unwrap();
    let mut tx = ctx.store.read().await.unwrap();
    assert_eq!(tx.held_by(&id("t"), 1000).await.unwrap().len(), 8 * EACH);
    // Nothing of what a session of ours would set is left with others.
    let mut raw = PgConnection::connect(&pooler.url()).await.unwrap();
    for _ in 0..6 {
        let row = raw.fetch_one("SELECT current_setting('statement_timeout')").await.unwrap();
        assert_eq!(sqlx::Row::get::<String, _>(&row, 0), "0");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_wait_look_for_themselves() {
    let ctx = Ctx::new().await;
    let pooler = Pooler::new(ctx.database.url(), 2).await;
    let store = PostgresStore::open(&pooler.url(), Clock::Database).await.unwrap();
    let (mut changes, mut openings) = (store.changes(), store.openings());
    ctx.job("j").await;
    timeout(PATIENCE, async {
        while store.read().await.unwrap().job(&id("j")).await.unwrap().is_none() {
            changes.changed().await.unwrap();
        }
        openings.changed().await.unwrap();
    })
    .await
    .expect("by the clock");
    // Its own commits it knows at once, and who listens directly hears of them.
    let mut there = ctx.store.changes();
    let mut tx = store.begin().await.unwrap();
    tx.add_task(&task("k"), &stamp()).await.unwrap();
    changes.mark_unchanged();
    tx.commit().await.unwrap();
    assert!(changes.has_changed().unwrap());
    timeout(PATIENCE, there.changed()).await.expect("it tells").unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_new_schema_needs_a_direct_connection() {
    let database = Database::empty().await;
    let pooler = Pooler::new(database.url(), 2).await;
    let error = PostgresStore::open(&pooler.url(), Clock::Database).await.err().unwrap();
    let StoreError::Open { source, .. } = &error else { panic!("{error}") };
    assert!(source.to_string().contains("a direct connection is needed"), "{source}");
    database.open(Clock::Database).await.close().await;
    PostgresStore::open(&pooler.url(), Clock::Database).await.unwrap().close().await;
}

fn said(error: StoreError) -> String {
    match error {
        StoreError::Open { source, .. } => source.to_string(),
        other => panic!("{other}"),
    }
}

/// Who keeps a database sets limits of the session, which others would be handed.
#[tokio::test]
async fn who_keeps_a_database_is_refused_behind_a_pooler() {
    let ctx = Ctx::new().await;
    let pooler = Pooler::new(ctx.database.url(), 2).await;
    let kept = PostgresUpkeep::new(&DatabaseUrl::parse(&pooler.url()).unwrap()).unwrap();
    let refused = [
        kept.schema().await.err(),
        kept.migrate().await.err(),
        kept.extent().await.err(),
        kept.read().await.err(),
        kept.check().await.err(),
        kept.whole().await.err(),
        kept.blank().await.err(),
    ];
    for (n, error) in refused.into_iter().enumerate() {
        let why = said(error.unwrap_or_else(|| panic!("{n} was let in")));
        assert!(why.contains("a direct connection is needed"), "{n}: {why}");
    }
    let mut raw = PgConnection::connect(&pooler.url()).await.unwrap();
    for _ in 0..6 {
        let row = raw.fetch_one("SELECT current_setting('lock_timeout')").await.unwrap();
        assert_eq!(sqlx::Row::get::<String, _>(&row, 0), "0");
    }
}

/// Its outbox has to count on behind what is there, before anybody writes.
#[tokio::test]
async fn rows_of_another_server_need_a_direct_connection_first() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    connect(&ctx)
        .await
        .execute(
            "SET session_replication_role = replica; UPDATE outbox SET xid = xid + 1000000000; \
             SET session_replication_role = origin",
        )
        .await
        .unwrap();
    let pooler = Pooler::new(ctx.database.url(), 2).await;
    let why = said(PostgresStore::open(&pooler.url(), Clock::Database).await.err().unwrap());
    assert!(why.contains("a direct connection is needed"), "{why}");
    ctx.database.open(Clock::Database).await.close().await;
    PostgresStore::open(&pooler.url(), Clock::Database).await.unwrap().close().await;
}
