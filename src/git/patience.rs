//! Reading what agents write or may lead astray, and no longer than that: the library opens rules where they stand, and whoever puts a pipe
//! in place of one after we looked has it wait for ever. Such a thread cannot be ended, so it is left to itself: it holds
//! no lock, and nothing is done with what it finds.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::error::GitError;
use super::settings::Git;

/// The folders that a thread which was left to itself may still read.
#[derive(Debug, Clone, Default)]
pub(super) struct Left(Arc<Mutex<Vec<Reading>>>);

/// A folder, and the sign of life of the thread that reads it.
type Reading = (PathBuf, Weak<()>);

impl Left {
    fn has(&self, folder: &Path) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.retain(|(_, alive)| alive.strong_count() > 0);
        left.iter().any(|(of, _)| of == folder)
    }

    fn add(&self, folder: &Path, alive: Weak<()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((folder.to_owned(), alive));
    }
}

/// Waits for a thread. Whoever stops waiting, for whatever reason, leaves it to itself.
struct Wait<'a> {
    left: &'a Left,
    folder: &'a Path,
    alive: Arc<()>,
    answered: bool,
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if !self.answered {
            tracing::warn!(folder = %self.folder.display(), "left a thread that reads a folder to itself");
            self.left.add(self.folder, Arc::downgrade(&self.alive));
        }
    }
}

impl Git {
    /// Reads a cell, for as long as five commands may take. The work must hold no lock and leave nothing behind that a
    /// second one would trip over. While an earlier one of the folder hangs there is no other, so that not every try
    /// costs a thread.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        what: &'static str,
        folder: &Path,
        work: impl FnOnce() -> Result<T, GitError> + Send + 'static,
    ) -> Result<T, GitError> {
        self.read_within(self.settings().timeout.saturating_mul(5), what, folder, work).await
    }

    /// The same for as long as `limit`.
    pub(super) async fn read_within<T: Send + 'static>(
        &self,
        limit: Duration,
        what: &'static str,
        folder: &Path,
        work: impl FnOnce() -> Result<T, GitError> + Send + 'static,
    ) -> Result<T, GitError> {
        let endless = || GitError::Endless { what, path: folder.into(), seconds: limit.as_secs() };
        if self.left().has(folder) {
            return Err(endless());
        }
        let (tell, told) = oneshot::channel();
        let mut wait = Wait { left: self.left(), folder, alive: Arc::new(()), answered: false };
        let theirs = wait.alive.clone();
        // not one of the runtime's, whose end waits for all of them
        let thread = thread::Builder::new().name("read a cell".to_owned()).spawn(move || {
            let _alive = theirs;
            // nobody listens any more after the limit
            let _ = tell.send(work());
        });
        thread.map_err(GitError::io("start a thread to read", folder))?;
        let told = timeout(limit, told).await.map_err(|_| endless())?;
        wait.answered = true;
        told.unwrap_or(Err(GitError::Lost { what }))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::git::GitSettings;

    const SHORT: Duration = Duration::from_millis(10);

    /// Patient: only what hangs for ever is waited for a short while.
    fn git() -> (tempfile::TempDir, PathBuf, Git) {
        let dir = tempfile::TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let settings = GitSettings {
            worktree_root: root.join("work"),
            vault_root: root.join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        };
        let git = Git::new(settings).unwrap();
        (dir, root, git)
    }

    #[tokio::test]
    async fn what_never_ends_is_left_to_itself_and_not_begun_again() {
        let (_dir, root, git) = git();
        let (one, two) = (root.join("work/one-a1"), root.join("work/two-a1"));
        let (end, ended) = mpsc::channel::<()>();
        let hangs = move || Ok(ended.recv().is_err());
        let gave_up = git.read_within(SHORT, "wait", &one, hangs).await.unwrap_err();
        assert!(matches!(gave_up, GitError::Endless { what: "wait", .. }), "{gave_up}");
        let again = git.read("look", &one, || Ok(7)).await.unwrap_err();
        assert!(matches!(again, GitError::Endless { what: "look", .. }), "{again}");
        assert_eq!(git.clone().read("look", &two, || Ok(7)).await.unwrap(), 7);
        drop(end);
        while git.left().has(&one) {
            tokio::task::yield_now().await;
        }
        assert_eq!(git.read("look", &one, || Ok(7)).await.unwrap(), 7);
        let lost = git.read("fall", &one, || -> Result<(), GitError> { panic!("as in the library") }).await;
        assert!(matches!(lost, Err(GitError::Lost { what: "fall" })));
    }

    #[tokio::test]
    async fn whoever_stops_waiting_leaves_a_thread_too() {
        let (_dir, root, git) = git();
        let one = root.join("work/one-a1");
        let (end, ended) = mpsc::channel::<()>();
        let hangs = git.read("wait", &one, move || Ok(ended.recv().is_err()));
        tokio::time::timeout(SHORT, hangs).await.unwrap_err();
        git.read("look", &one, || Ok(7)).await.unwrap_err();
        drop(end);
    }
}
