//! Whose turn it is to write, among processes: each in the order in which it came. SQLite itself lets those who wait try
//! again after a while, so that one may try for seconds while others write again and again.
//!
//! There are two locked files. Whoever has `.turn` writes. Whoever has `.next` waits for it, and lets go of `.next` when
//! it has it. So somebody who has just written cannot be first again: it has to get `.next`, behind all who wait for
//! that. The system frees what a dead process has locked. The turn is a courtesy: SQLite's own lock decides, so that
//! programs that know nothing of turns are safe, and who waited in vain, behind a process that was stopped, goes on
//! without.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::open::private_file;

/// How long a turn is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// What the thread that waits for locked files needs.
const STACK: usize = 128 << 10;

/// The line of this process, and its place among others.
pub(super) struct Turns {
    line: Arc<Mutex<()>>,
    files: Arc<Files>,
    waits: Sender<Wait>,
    /// How often somebody had to wait.
    waited: Arc<AtomicU64>,
}

struct Files {
    next: File,
    turn: File,
}

/// Somebody's turn, until this is dropped.
pub(super) struct Turn {
    files: Arc<Files>,
    _first: OwnedMutexGuard<()>,
}

/// Who is first in the line of this process, and waits for others.
struct Wait {
    first: OwnedMutexGuard<()>,
    is_next: bool,
    reply: oneshot::Sender<Turn>,
}

impl Turns {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let beside = |end: &str| {
            let mut name = OsString::from(path);
            name.push(end);
            private_file(Path::new(&name))
        };
        let files = Arc::new(Files { next: beside(".next")?, turn: beside(".turn")? });
        let (waits, waiting) = mpsc::channel();
        let theirs = Arc::clone(&files);
        // Nothing but a thread of its own can wait for a file without keeping others from their work, or the process
        // from ending.
        let thread = std::thread::Builder::new().name("turns".to_owned()).stack_size(STACK);
        thread.spawn(move || serve(&theirs, &waiting))?;
        Ok(Self { line: Arc::default(), files, waits, waited: Arc::default() })
    }

    /// How often somebody had to wait for a turn; goes on counting.
    pub(super) fn waited(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.waited)
    }

    /// Waits for the turn; nothing when it does not come in time, or cannot be had at all.
    pub(super) async fn take(&self) -> Option<Turn> {
        tokio::time::timeout(PATIENCE, self.wait()).await.ok().flatten()
    }

    async fn wait(&self) -> Option<Turn> {
        let first = match Arc::clone(&self.line).try_lock_owned() {
            Ok(first) => first,
            Err(_) => {
                self.waited.fetch_add(1, Ordering::Relaxed);
                Arc::clone(&self.line).lock_owned().await
            }
        };
        let is_next = match self.files.at_once() {
            Ok(true) => return Some(Turn { files: Arc::clone(&self.files), _first: first }),
            Ok(false) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(error)) => {
                tracing::debug!(%error, "there are no turns to write on this file system");
                return None;
            }
        };
        self.waited.fetch_add(1, Ordering::Relaxed);
        let (reply, turn) = oneshot::channel();
        self.waits.send(Wait { first, is_next, reply }).ok()?;
        turn.await.ok()
    }
}

impl Files {
    /// Takes the turn when nobody has it and nobody waits. When somebody has it, this process waits next (false).
    fn at_once(&self) -> Result<bool, TryLockError> {
        self.next.try_lock()?;
        match self.turn.try_lock() {
            Ok(()) => {
                self.next.unlock().map_err(TryLockError::Error)?;
                Ok(true)
            }
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => {
                self.next.unlock().map_err(TryLockError::Error)?;
                Err(TryLockError::Error(error))
            }
        }
    }

    fn wait(&self, is_next: bool) -> io::Result<()> {
        if !is_next {
            locked(&self.next)?;
        }
        let turn = locked(&self.turn);
        self.next.unlock()?;
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Err(error) = self.files.turn.unlock() {
            tracing::warn!(%error, "a turn to write could not be given on");
        }
    }
}

fn serve(files: &Arc<Files>, waiting: &Receiver<Wait>) {
    for Wait { first, is_next, reply } in waiting {
        if let Err(error) = files.wait(is_next) {
            tracing::debug!(%error, "a turn to write could not be waited for");
            continue;
        }
        // Nobody may wait for it any more; then it is dropped here, and given on.
        let _ = reply.send(Turn { files: Arc::clone(files), _first: first });
    }
}

fn locked(file: &File) -> io::Result<()> {
    loop {
        match file.lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
