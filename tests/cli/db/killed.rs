//! A copy that dies half way leaves the other database as empty as it was, and nobody writes to this one meanwhile.

use std::process::Stdio;
use std::time::{Duration, Instant};

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::raw;
use crate::cli::home::{Home, answer};
use crate::store::postgres::in_postgres::Database;

const MANY: &str = "INSERT INTO users (id, username, created_at) \
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) SELECT 'u' || i, 'u' || i, 1 FROM n";

const COPYING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND query LIKE 'INSERT INTO \"users\"%'";
const CONNECTED: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND pid <> pg_backend_pid()";

async fn until(url: &str, text: &str, wanted: impl Fn(i64) -> bool) {
    let begun = Instant::now();
    while !wanted(raw::number(url, text).await) {
        assert!(begun.elapsed() < Duration::from_secs(60), "{text}");
    }
}

#[tokio::test]
async fn half_way() {
    let (home, database) = (Home::with_sprint(), Database::empty().await);
    raw::say(&home.database(), MANY).await;
    let mut copy = home.command(&["db", "copy", "--to", database.url()]);
    copy.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut copy = copy.spawn().unwrap();
    until(database.url(), COPYING, |n| n > 0).await;

    let options = SqliteConnectOptions::new().filename(home.database()).busy_timeout(Duration::ZERO);
    let mut raw = SqliteConnection::connect_with(&options).await.unwrap();
    let refused = sqlx::query("UPDATE users SET username = 'eve'").execute(&mut raw).await.unwrap_err();
    assert!(refused.to_string().contains("locked"), "{refused}");
    copy.kill().unwrap();
    assert!(!copy.wait().unwrap().success(), "it was not over yet");
    until(database.url(), CONNECTED, |n| n == 0).await;

    for table in ["users", "claude_jobs", "ledger", "outbox"] {
        assert_eq!(raw::number(database.url(), &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    let mut check = home.command(&["db", "check"]);
    check.env("SPRINTGATE_DATABASE_URL", database.url());
    answer(check, "").ok();
    sqlx::query("UPDATE users SET username = 'zoe' WHERE id = 'u1'").execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    home.run(&["db", "copy", "--to", database.url()]).ok();
    assert_eq!(raw::number(database.url(), "SELECT count(*) FROM users").await, 60_001);
}
