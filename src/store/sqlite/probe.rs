//! Notices what other processes commit: a number of SQLite's that moves with them, read a few times a second.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnection;
use tokio::task::AbortHandle;

use super::statement::statements;
use super::waker::Waker;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(250);

statements! {
    DATA_VERSION = "PRAGMA data_version";
}

/// A task that bumps the counter until this is dropped.
pub(super) struct Probe(AbortHandle);

impl Probe {
    pub(super) fn start(path: PathBuf, waker: Arc<Waker>) -> Self {
        Self(tokio::spawn(look(path, waker)).abort_handle())
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn look(path: PathBuf, waker: Arc<Waker>) {
    let mut connection: Option<SqliteConnection> = None;
    let mut seen = None;
    loop {
        let now = version(&path, &mut connection).await.ok();
        if now.is_none() {
            // It cannot be told whether something changed: those who wait look for themselves, and meet the error.
            connection = None;
        }
        // The first look bumps too: whoever looked before it may have missed a commit.
        if now.is_none() || now != seen {
            waker.bump();
        }
        seen = now;
        tokio::time::sleep(EVERY).await;
    }
}

async fn version(
    path: &std::path::Path,
    connection: &mut Option<SqliteConnection>,
) -> Result<i64, sqlx::Error> {
    let open = match connection {
        Some(open) => open,
        None => connection.insert(super::pools::reading(path).connect().await?),
    };
    sqlx::query_scalar(DATA_VERSION).fetch_one(open).await
}
