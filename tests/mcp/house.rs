//! What the tests of this folder run against. Without a database the shell still lists, reads arguments and refuses.

use async_trait::async_trait;
use sprintgate::domain::id::WorkerId;
use sprintgate::flow::{Session, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::{Secret, Store, StoreError, Tx};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;

/// A database that cannot be reached.
struct Down(watch::Sender<u64>);

fn down() -> StoreError {
    StoreError::Database("the disk is gone".into())
}

#[async_trait]
impl Store for Down {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        Err(down())
    }
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        Err(down())
    }
    fn changes(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
    async fn schema_version(&self) -> Result<i64, StoreError> {
        Err(down())
    }
}

/// Sprintgate on a machine whose database is down. The folder has to be kept as long as it is used.
pub(super) fn without_database() -> (TempDir, Sprintgate) {
    let folder = TempDir::new().unwrap();
    let git = Git::new(GitSettings {
        worktree_root: folder.path().join("worktrees"),
        vault_root: folder.path().join("vaults"),
        timeout: Duration::from_secs(10),
        credential_helper: None,
    });
    let app = Sprintgate::new(Arc::new(Down(watch::channel(0).0)), git.unwrap(), Settings::default());
    (folder, app)
}

pub(super) fn session(token: Option<&Secret>) -> Session {
    Session::worker(token, WorkerId::new("w1").unwrap())
}
