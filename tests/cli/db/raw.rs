//! SQL by hand, on a file or a server.

use std::path::Path;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Executor};

pub(super) async fn file(path: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap()
}

pub(super) async fn say(path: &Path, text: &str) {
    let mut raw = file(path).await;
    raw.execute(AssertSqlSafe(text.to_owned())).await.unwrap();
    raw.close().await.unwrap();
}

pub(super) async fn tell(url: &str, text: &str) {
    let mut raw = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
}

pub(super) async fn number(url: &str, text: &str) -> i64 {
    let mut raw = PgConnection::connect(url).await.unwrap();
    let number = sqlx::query_scalar(AssertSqlSafe(text.to_owned())).fetch_one(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    number
}

/// Waits until every event can be read: until no transaction of the whole server is open that began before it, in the
/// database of another test either.
pub(super) async fn settled(url: &str) {
    const OPEN: &str = "SELECT count(*) FROM outbox \
        WHERE xid >= CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)";
    while number(url, OPEN).await > 0 {}
}
