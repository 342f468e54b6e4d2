//! What an agent writes goes to a file, up to a limit; after it the agent is still listened to, so that it does not
//! stand still on a full pipe.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::RunnerError;

/// A process that left the group may hold a pipe for ever; nobody waits longer for it.
const GRACE: Duration = Duration::from_secs(1);

/// How long logs are kept (`original` 11.2).
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Removes the logs that have been kept for long enough, and says how many. A folder that is not there has none.
pub(super) fn remove_old(logs: &Path, now: SystemTime) -> usize {
    let Ok(entries) = fs::read_dir(logs) else { return 0 };
    let old = entries.flatten().filter(|entry| {
        let written = entry.metadata().and_then(|facts| facts.modified());
        let is_log = entry.path().extension().is_some_and(|end| end == "log");
        is_log && written.is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age > KEPT))
    });
    old.filter(|entry| fs::remove_file(entry.path()).is_ok()).count()
}

/// The log of one attempt.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    sink: Arc<Mutex<Sink>>,
    readers: JoinSet<()>,
}

#[derive(Debug)]
struct Sink {
    file: File,
    room: u64,
    dropped: u64,
    broken: bool,
}

impl Log {
    /// Makes the log, for this user alone; whatever stands in its place is removed and not written to.
    pub(super) fn make(path: PathBuf, limit: u64) -> Result<Self, RunnerError> {
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(RunnerError::io("replace", &path)(error));
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = File::from_std(file.map_err(RunnerError::io("write", &path))?);
        let sink = Sink { file, room: limit, dropped: 0, broken: false };
        Ok(Self { path, sink: Arc::new(Mutex::new(sink)), readers: JoinSet::new() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Listens to a stream until it ends.
    pub(super) fn listen(&mut self, pipe: Option<impl AsyncRead + Unpin + Send + 'static>) {
        let Some(mut pipe) = pipe else { return };
        let sink = Arc::clone(&self.sink);
        self.readers.spawn(async move {
            let mut chunk = vec![0_u8; 16 * 1024];
            // A read error ends a stream as its end does; how the agent ended is told by its exit status.
            while let Ok(n @ 1..) = pipe.read(&mut chunk).await {
                sink.lock().await.write(chunk.get(..n).unwrap_or_default()).await;
            }
        });
    }

    /// Waits for the streams to end, a moment at most, and notes what was left out.
    pub(super) async fn close(mut self) {
        let ended = async { while self.readers.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!(log = %self.path.display(), "a process outside of the agent's group holds its output");
            self.readers.shutdown().await;
        }
        self.sink.lock().await.close().await;
    }
}

impl Sink {
    async fn write(&mut self, bytes: &[u8]) {
        let kept = usize::try_from(self.room).map_or(bytes, |room| bytes.get(..room).unwrap_or(bytes));
        self.room -= kept.len() as u64;
        self.dropped += (bytes.len() - kept.len()) as u64;
        self.put(kept).await;
    }

    async fn put(&mut self, bytes: &[u8]) {
        if self.broken || bytes.is_empty() {
            return;
        }
        if let Err(error) = self.file.write_all(bytes).await {
            self.broken = true;
            tracing::warn!(%error, "the agent's output is not kept any more");
        }
    }

    async fn close(&mut self) {
        if self.dropped > 0 {
            let note = format!("\n[sprintgate: {} more bytes were written and are not kept]\n", self.dropped);
            self.put(note.as_bytes()).await;
        }
        if let Err(error) = self.file.flush().await {
            tracing::warn!(%error, "the agent's output may not be kept whole");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_logs_go_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.log", "b.log", "notes.txt"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let young = fs::File::options().write(true).open(folder.path().join("b.log")).unwrap();
        let later = SystemTime::now() + KEPT + Duration::from_secs(60);
        young.set_modified(later - KEPT).unwrap();
        assert_eq!(remove_old(folder.path(), SystemTime::now()), 0);
        assert_eq!(remove_old(folder.path(), later), 1);
        assert_eq!(remove_old(&folder.path().join("none"), later), 0);
        assert!(folder.path().join("b.log").exists() && folder.path().join("notes.txt").exists());
    }
}
