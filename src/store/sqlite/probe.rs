//! Notices what other processes commit: every commit writes to the log beside the file, so that the log's size or time
//! moves. While somebody waits for a job or an event, it is looked at a hundred times a second, and five times while
//! only those wait who try effects; a look is one system call.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::task::AbortHandle;

use super::waker::Waker;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(10);
/// How often it looks for those who are in no hurry.
const SELDOM: Duration = Duration::from_millis(200);
/// How coarse the time of a file may be. Of two commits within it the second need not move the time.
const COARSE: Duration = Duration::from_millis(20);

/// A task that bumps the numbers until this is dropped.
pub(super) struct Probe(AbortHandle);

impl Probe {
    pub(super) fn start(path: &Path, waker: Arc<Waker>) -> Self {
        let mut log = OsString::from(path);
        log.push("-wal");
        Self(tokio::spawn(look(log.into(), waker)).abort_handle())
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What is seen of the log; nothing while there is none.
type Seen = Option<(u64, SystemTime)>;

async fn look(log: PathBuf, waker: Arc<Waker>) {
    let mut before: Option<Seen> = None;
    let mut fresh = false;
    loop {
        waker.awaited().await;
        let (now, at) = (seen(&log), SystemTime::now());
        // The first look bumps too: whoever looked before it may have missed a commit.
        if Some(now) != before || fresh {
            waker.bump();
        }
        // As long as the last commit is that young, another may hide behind it.
        fresh = now.is_some_and(|(_, moved)| at.duration_since(moved).is_ok_and(|age| age < COARSE));
        before = Some(now);
        match waker.is_hurried() {
            true => tokio::time::sleep(EVERY).await,
            // Who comes meanwhile does not wait for the end of a long pause.
            false => drop(tokio::time::timeout(SELDOM, waker.another()).await),
        }
    }
}

fn seen(log: &Path) -> Seen {
    let facts = std::fs::metadata(log).ok()?;
    Some((facts.len(), facts.modified().ok()?))
}
