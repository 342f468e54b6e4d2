//! Reading what agents write, or lead astray, and no longer than that: the library opens rules and settings where they
//! stand, and whoever puts a pipe in place of one after we looked has it wait for ever. Such a thread cannot be ended, so
//! it is left to itself: it holds no lock, and nothing is done with what it finds.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, timeout, timeout_at};

use super::error::GitError;
use super::settings::Git;

/// What threads that were left to themselves may still read.
#[derive(Debug, Clone, Default)]
pub(super) struct Left(Arc<Mutex<Vec<Reading>>>);

/// A thread at work.
#[derive(Debug, Clone)]
struct Reading {
    folder: PathBuf,
    /// Closed when it ends.
    alive: watch::Receiver<()>,
    /// Until when it is no wonder that it has not ended.
    until: Instant,
}

impl Left {
    /// One that reads the folder.
    fn of(&self, folder: &Path) -> Option<Reading> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.retain(|reading| reading.alive.has_changed().is_ok());
        left.iter().find(|reading| reading.folder == folder).cloned()
    }

    fn add(&self, reading: Reading) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(reading);
    }
}

/// Waits for a thread. Whoever stops waiting, for whatever reason, leaves it to itself.
struct Wait<'a> {
    left: &'a Left,
    reading: Option<Reading>,
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(reading) = self.reading.take() {
            self.left.add(reading);
        }
    }
}

impl Git {
    /// Reads a cell, for as long as five commands may take. The work must hold no lock and leave nothing behind that a
    /// second one would trip over. One of the folder whose caller went away is waited for first, until its time is over;
    /// while one hangs beyond its time there is no other, so that not every try costs a thread.
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
        while let Some(mut earlier) = self.left().of(folder) {
            // Nothing is ever said: it only ends.
            let ended = timeout_at(earlier.until, earlier.alive.changed()).await;
            ended.map_err(|_| endless())?.ok();
        }
        let (tell, told) = oneshot::channel();
        let (alive, ends) = watch::channel(());
        // not one of the runtime's, whose end waits for all of them
        let thread = thread::Builder::new().name("read a cell".to_owned()).spawn(move || {
            let _alive = alive;
            // nobody listens any more after the limit
            let _ = tell.send(work());
        });
        thread.map_err(GitError::io("start a thread to read", folder))?;
        let until = Instant::now() + limit;
        let mut wait =
            Wait { left: self.left(), reading: Some(Reading { folder: folder.into(), alive: ends, until }) };
        let told = timeout(limit, told).await.map_err(|_| {
            tracing::warn!(folder = %folder.display(), "reading a folder does not end; its thread is left to itself");
            endless()
        })?;
        wait.reading = None;
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
        while git.left().of(&one).is_some() {
            tokio::task::yield_now().await;
        }
        assert_eq!(git.read("look", &one, || Ok(7)).await.unwrap(), 7);
        let lost = git.read("fall", &one, || -> Result<(), GitError> { panic!("as in the library") }).await;
        assert!(matches!(lost, Err(GitError::Lost { what: "fall" })));
    }

    #[tokio::test]
    async fn whoever_comes_after_one_that_went_away_waits_for_its_thread() {
        let (_dir, root, git) = git();
        let one = root.join("work/one-a1");
        let (end, ended) = mpsc::channel::<()>();
        let read = Arc::new(Mutex::new(Vec::new()));
        let (first, second) = (read.clone(), read.clone());
        let hangs = git.read("wait", &one, move || {
            let _ = ended.recv();
            first.lock().unwrap().push("first");
            Ok(())
        });
        tokio::time::timeout(SHORT, hangs).await.unwrap_err();
        let look = git.read("look", &one, move || {
            second.lock().unwrap().push("second");
            Ok(7)
        });
        let mut look = std::pin::pin!(look);
        tokio::time::timeout(SHORT, &mut look).await.unwrap_err();
        assert!(read.lock().unwrap().is_empty(), "not beside the first");
        drop(end);
        assert_eq!(look.await.unwrap(), 7);
        assert_eq!(*read.lock().unwrap(), ["first", "second"]);
    }
}
