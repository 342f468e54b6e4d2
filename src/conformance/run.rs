//! Runs a check on a new database, and removes that whatever happens.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::postgres::PostgresBench;
use super::sqlite::SqliteBench;
use super::{Bench, Check, Failed, Scale, Seen};
use crate::store::postgres::DatabaseUrl;

/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(1800);

/// Where checks are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// On a SQLite file that is thrown away.
    Sqlite,
    /// In a schema of their own in the database that this URL names.
    Postgres(DatabaseUrl),
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite => f.write_str("SQLite"),
            Self::Postgres(url) => write!(f, "PostgreSQL at {url}"),
        }
    }
}

impl Database {
    async fn bench(&self) -> Result<Arc<dyn Bench>, Failed> {
        Ok(match self {
            Self::Sqlite => Arc::new(SqliteBench::new()?),
            Self::Postgres(url) => Arc::new(PostgresBench::new(url).await?),
        })
    }
}

/// How a check ended.
#[derive(Debug)]
pub struct Outcome {
    /// What it saw, or why it does not hold.
    pub seen: Result<Seen, Failed>,
    /// How long it took, with making and removing its database.
    pub took: Duration,
}

/// Runs a check; `stop` ends it early. What it made is removed in any case; that it could not be is a failure, too.
pub async fn run(check: &Check, database: &Database, scale: Scale, stop: &CancellationToken) -> Outcome {
    let begun = Instant::now();
    let seen = on_new(check, database, scale, stop).await;
    Outcome { seen, took: begun.elapsed() }
}

async fn on_new(
    check: &Check,
    database: &Database,
    scale: Scale,
    stop: &CancellationToken,
) -> Result<Seen, Failed> {
    let bench = database.bench().await?;
    // A set, so that whoever does not wait for this any more ends the check too.
    let mut checking = JoinSet::new();
    checking.spawn((check.make)(Arc::clone(&bench), scale));
    let seen = tokio::select! {
        ended = checking.join_next() => match ended {
            Some(Ok(seen)) => seen,
            Some(Err(error)) => Err(Failed::Broke(error.to_string())),
            None => Err(Failed::Stopped),
        },
        () = stop.cancelled() => Err(Failed::Stopped),
        () = tokio::time::sleep(PATIENCE) => {
            Err(Failed::otherwise("the check", format!("its end within {PATIENCE:?}"), "that it hangs"))
        }
    };
    checking.shutdown().await;
    let removed = bench.remove().await;
    seen.and_then(|seen| removed.map(|()| seen))
}
