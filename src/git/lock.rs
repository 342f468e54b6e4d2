//! Locks between processes, and the way to the threads where the library works.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error::GitError;
use super::naming::file_name;
use super::place::Place;
use super::settings::Git;

/// A lock on a repository. It is free again when the last copy is dropped or the process ends.
#[derive(Debug, Clone)]
pub(super) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] Arc<File>);

impl Git {
    /// Waits for the lock of a repository, for as long as two commands of another process may take.
    pub(super) async fn lock(&self, of: &Path) -> Result<Lock, GitError> {
        self.lock_within(of, self.settings().timeout.saturating_mul(2)).await
    }

    /// Waits for the lock of a repository no longer than that.
    pub(super) async fn lock_within(&self, of: &Path, wait: Duration) -> Result<Lock, GitError> {
        // one name for a repository, however its path is written
        let of = fs::canonicalize(of).unwrap_or_else(|_| of.to_owned());
        let name = format!("{}.lock", file_name(&of.to_string_lossy()));
        let path = self.settings().vault_root.join("locks").join(name);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(GitError::io("open", &path))?;
        let deadline = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock(Arc::new(file))),
                Err(TryLockError::Error(source)) => return Err(GitError::Io { what: "lock", path, source }),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                    return Err(GitError::Busy { path });
                }
                Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

impl Git {
    /// Waits for the lock of a place: whoever makes, salvages or removes a cell holds it, and takes the lock of the
    /// vault after it. Places share a fixed number of locks, so that not every attempt leaves a file.
    pub(super) async fn hold(&self, place: &Place) -> Result<Lock, GitError> {
        self.hold_folder(&place.folder()).await
    }

    /// The same for a folder of that name.
    pub(super) async fn hold_folder(&self, name: &str) -> Result<Lock, GitError> {
        self.hold_folder_within(name, self.settings().timeout.saturating_mul(2)).await
    }

    /// The same, waited for no longer than that.
    pub(super) async fn hold_folder_within(&self, name: &str, wait: Duration) -> Result<Lock, GitError> {
        let slot = name.bytes().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte)) % SLOTS;
        self.lock_within(&self.settings().vault_root.join("places").join(format!("slot {slot}")), wait).await
    }
}

const SLOTS: u8 = 64;

/// Runs work of the library on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> Result<T, GitError> + Send + 'static,
) -> Result<T, GitError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(GitError::Lost { what }))
}
