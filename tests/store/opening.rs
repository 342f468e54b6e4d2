//! Opening: a private file, migrated once however many open it at once, and refused when it is from the future.

use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::{Store, StoreError};
use sqlx::Executor;

use super::ctx::Ctx;
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
    assert_eq!(versions, [93; 8]);
    let store = SqliteStore::open(&path, Clock::Database).await.unwrap();
    assert_eq!(store.schema_version().await.unwrap(), 93);
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
    assert!(matches!(error, StoreError::Newer { found: 99, known: 93 }), "{error}");
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
