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
    assert_eq!(versions, [110; 8]);
    let store = SqliteStore::open(&path, Clock::Database).await.unwrap();
    assert_eq!(store.schema_version().await.unwrap(), 110);
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
         VALUES (999, 'from the future', 1, x'00', 0)",
    )
    .await
    .unwrap();
    let error = SqliteStore::open(&ctx.path(), Clock::Database).await.err().unwrap();
    assert!(matches!(error, StoreError::Newer { found: 999, known: 110 }), "{error}");
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

/// The system drops all locks that a process has on a file when the process closes that file, by whatever handle. Who
/// came last to leave would take itself for the only one then, and clear away the log that the others write to.
#[tokio::test]
async fn a_second_store_of_a_process_leaves_the_first_its_locks() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let second = ctx.database.open(Clock::Database).await;
    let reads = "import sqlite3, sys; file = sqlite3.connect(sys.argv[1]); \
        file.execute('SELECT count(*) FROM claude_jobs').fetchall(); file.close()";
    let another = std::process::Command::new("python3").args(["-c", reads]).arg(ctx.path()).output().unwrap();
    assert!(another.status.success(), "{}", String::from_utf8_lossy(&another.stderr));
    let log = std::path::PathBuf::from(format!("{}-wal", ctx.path().display()));
    assert!(log.exists(), "another process cleared the log away");
    let job = ctx.job("k").await;
    second.close().await;
    let third = ctx.database.open(Clock::Database).await;
    assert!(third.read().await.unwrap().job(&job).await.unwrap().is_some());
}

/// A program that uses the same library keeps its migrations in a table of the same name.
#[tokio::test]
async fn the_schema_of_another_program_is_not_taken_for_a_newer_one_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut raw = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
    raw.execute(
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
             checksum BLOB NOT NULL, execution_time BIGINT NOT NULL); \
         INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (20260101000000, 'theirs', 1, x'00', 0)",
    )
    .await
    .unwrap();
    sqlx::Connection::close(raw).await.unwrap();
    let error = SqliteStore::open(&path, Clock::Database).await.err().unwrap();
    let StoreError::Open { source, .. } = &error else { panic!("{error}") };
    assert!(source.to_string().contains("another program"), "{source}");
}
