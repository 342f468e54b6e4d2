//! Opening: a private file, migrated once however many open it at once, and refused when it is from the future.

use std::time::Duration;

use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::{Store, StoreError};
use sqlx::Executor;

use super::ctx::{Ctx, id, task};
use super::raw::connect;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/sprintgate.db");
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let path = path.clone();
        opening.spawn(async move {
            let store = SqliteStore::open(&path, Clock::Database).await.unwrap();
            let version = store.schema_version().await.unwrap();
            store.close().await;
            version
        });
    }
    let versions = opening.join_all().await;
    assert_eq!(versions, [30; 8]);
    let store = SqliteStore::open(&path, Clock::Database).await.unwrap();
    assert_eq!(store.schema_version().await.unwrap(), 30);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let ctx = Ctx::new().await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(ctx.path().parent().unwrap()), 0o700);
    let names = std::fs::read_dir(ctx.path().parent().unwrap()).unwrap();
    let files: Vec<_> = names.map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    raw.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99, 'from the future', 1, x'00', 0)",
    )
    .await
    .unwrap();
    let error = SqliteStore::open(&ctx.path(), Clock::Database).await.err().unwrap();
    assert!(matches!(error, StoreError::Newer { found: 99, known: 30 }), "{error}");
}

#[tokio::test]
async fn what_is_no_database_is_an_error_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "x".repeat(5000)).unwrap();
    let error = SqliteStore::open(&path, Clock::Database).await.err().unwrap();
    assert!(matches!(&error, StoreError::Open { at, .. } if at.ends_with("notes.txt")), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "x".repeat(5000));
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("a"), &super::ctx::stamp()).await.unwrap();
    drop(tx);
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.tasks_of(&id("st")).await.unwrap().is_empty());
    assert!(tx.history("task", "a", 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_reading_transaction_cannot_write_and_sees_one_snapshot() {
    let ctx = Ctx::new().await;
    let mut reading = ctx.store.read().await.unwrap();
    assert!(reading.tasks_of(&id("st")).await.unwrap().is_empty());
    ctx.job("j").await;
    assert!(reading.tasks_of(&id("st")).await.unwrap().is_empty());
    assert!(reading.add_task(&task("b"), &super::ctx::stamp()).await.is_err());
    drop(reading);
    assert_eq!(ctx.store.read().await.unwrap().tasks_of(&id("st")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_database_clock_is_the_time_of_day() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("a.db"), Clock::Database).await.unwrap();
    let now = store.begin().await.unwrap().now().0;
    let here = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    assert!((i64::try_from(here).unwrap() - now).abs() < 10_000, "{now} {here}");
}

#[tokio::test]
async fn commits_wake_those_who_wait_here_and_elsewhere() {
    let ctx = Ctx::new().await;
    let other = SqliteStore::open(&ctx.path(), Clock::Database).await.unwrap();
    let (mut here, mut there) = (ctx.store.changes(), other.changes());
    let patience = Duration::from_secs(10);
    // The first look of the other's probe must lie before the commit; it may also see the opening.
    while tokio::time::timeout(Duration::from_millis(600), there.changed()).await.is_ok() {}
    here.mark_unchanged();
    ctx.job("j").await;
    assert!(here.has_changed().unwrap(), "a commit is announced at once in its own process");
    tokio::time::timeout(patience, there.changed()).await.expect("the other store notices").unwrap();
    drop(other);
    tokio::time::timeout(patience, async { while there.changed().await.is_ok() {} })
        .await
        .expect("the probe ends with its store");
}
