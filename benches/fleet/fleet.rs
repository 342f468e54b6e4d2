//! A database of ours with a queue, and workers on it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use sprintgate::flow::{Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::Store;
use sprintgate::store::postgres::{Clock, PostgresStore};
use sqlx::PgConnection;

use crate::rows::{self, Layout};
use crate::{Bench, Result};

/// A database of ours with a queue.
pub(crate) struct Fleet {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) app: Sprintgate,
    pub(crate) sql: PgConnection,
    layout: Layout,
    filled: u32,
    _folder: tempfile::TempDir,
}

impl Fleet {
    pub(crate) async fn new(bench: &Bench, database: &str, layout: Layout) -> Result<Self> {
        let url = bench.server.database(database)?;
        let store: Arc<dyn Store> = Arc::new(PostgresStore::open(&url, Clock::Database).await?);
        rows::people(&*store, layout.products).await?;
        let folder = tempfile::tempdir()?;
        let git = Git::new(GitSettings {
            worktree_root: folder.path().join("worktrees"),
            vault_root: folder.path().join("vaults"),
            timeout: std::time::Duration::from_secs(60),
            credential_helper: None,
        })?;
        let app = Sprintgate::new(Arc::clone(&store), git, Settings::default());
        Ok(Self { store, app, sql: rows::raw(&url).await?, layout, filled: 0, _folder: folder })
    }

    /// Fills the queue up, so that at least so many wait.
    pub(crate) async fn queue(&mut self, wanted: u32) -> Result<()> {
        let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM claude_jobs WHERE status = 'QUEUED'")
            .fetch_one(&mut self.sql)
            .await?;
        let missing = wanted.saturating_sub(u32::try_from(waiting)?).next_multiple_of(100);
        rows::jobs(&mut self.sql, self.layout, self.filled, self.filled + missing).await?;
        self.filled += missing;
        Ok(())
    }
}

/// Has workers do something so many times over all of them; how many a second.
pub(crate) async fn rate<W, F>(workers: u32, times: u32, worker: impl Fn(u32) -> Result<W>) -> Result<f64>
where
    W: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Result<bool>> + Send + 'static,
{
    let left = Arc::new(AtomicU32::new(times));
    let mut tasks = Vec::new();
    let begun = Instant::now();
    for number in 0..workers {
        let (work, left) = (worker(number)?, Arc::clone(&left));
        tasks.push(tokio::spawn(async move {
            let take = |n: u32| n.checked_sub(1);
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
                if !work().await.map_err(|error| error.to_string())? {
                    return Err("the queue is empty".to_owned());
                }
            }
            Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(f64::from(times) / begun.elapsed().as_secs_f64())
}
