//! Waits for a started git program: collects its output within bounds and kills its whole process
//! group when the time is over or nobody waits any more.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use process_wrap::tokio::ChildWrapper;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::error::GitError;

/// What a git program left.
#[derive(Debug)]
pub(super) struct Output {
    /// Whether it ended with status 0.
    pub success: bool,
    /// All it wrote to standard output.
    pub stdout: Vec<u8>,
    /// The end of what it wrote to standard error, in whole words.
    pub stderr: String,
}

/// A git program that runs. Dropping it kills its process group.
pub(super) struct Running {
    what: &'static str,
    child: Box<dyn ChildWrapper>,
    ended: bool,
}

impl Running {
    pub(super) fn new(what: &'static str, child: Box<dyn ChildWrapper>) -> Self {
        Self { what, child, ended: false }
    }

    pub(super) async fn finish(mut self, limit: Duration) -> Result<Output, GitError> {
        let what = self.what;
        let stdout = Reader::start(self.child.stdout().take(), Keep::First(STDOUT_LIMIT));
        let stderr = Reader::start(self.child.stderr().take(), Keep::Last(STDERR_LIMIT));
        let status = match timeout(limit, self.child.wait()).await {
            Ok(status) => status.map_err(|source| GitError::Spawn { what, source })?,
            Err(_) => return Err(GitError::TimedOut { what, seconds: limit.as_secs() }),
        };
        self.ended = true;
        let (stdout, cut) = stdout.text().await;
        if cut {
            return Err(GitError::TooMuchOutput { what, limit: STDOUT_LIMIT });
        }
        let (stderr, cut) = stderr.text().await;
        let stderr = String::from_utf8_lossy(whole_words(&stderr, cut)).into_owned();
        Ok(Output { success: status.success(), stdout, stderr })
    }
}

/// What was cut begins with the rest of a word, which may be the rest of a secret that nobody would know for one.
fn whole_words(text: &[u8], cut: bool) -> &[u8] {
    let from = if cut { text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len()) } else { 0 };
    text.get(from..).unwrap_or_default()
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended
            && let Err(error) = self.child.start_kill()
        {
            tracing::warn!(what = self.what, %error, "could not kill git");
        }
    }
}

#[derive(Clone, Copy)]
enum Keep {
    First(usize),
    Last(usize),
}

#[derive(Default)]
struct Heard {
    bytes: Vec<u8>,
    cut: bool,
}

struct Reader {
    heard: Arc<Mutex<Heard>>,
    task: JoinHandle<()>,
}

impl Reader {
    fn start(pipe: Option<impl AsyncRead + Unpin + Send + 'static>, keep: Keep) -> Self {
        let heard = Arc::new(Mutex::new(Heard::default()));
        let ours = Arc::clone(&heard);
        let task = tokio::spawn(async move {
            let Some(mut pipe) = pipe else { return };
            let mut chunk = vec![0_u8; 16 * 1024];
            // a read error ends the stream as its end does; the exit status tells the rest
            while let Ok(n @ 1..) = pipe.read(&mut chunk).await {
                let mut heard = ours.lock().unwrap_or_else(PoisonError::into_inner);
                heard.add(chunk.get(..n).unwrap_or_default(), keep);
            }
        });
        Self { heard, task }
    }

    /// A connection that ssh keeps open for reuse holds our pipe after git ended: it gets a short grace.
    async fn text(mut self) -> (Vec<u8>, bool) {
        if timeout(GRACE, &mut self.task).await.is_err() {
            self.task.abort();
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut heard.bytes), heard.cut)
    }
}

impl Heard {
    fn add(&mut self, chunk: &[u8], keep: Keep) {
        match keep {
            Keep::First(limit) => {
                let room = limit.saturating_sub(self.bytes.len());
                self.cut |= chunk.len() > room;
                self.bytes.extend(chunk.iter().take(room));
            }
            Keep::Last(limit) => {
                self.bytes.extend_from_slice(chunk);
                let over = self.bytes.len().saturating_sub(limit);
                self.cut |= over > 0;
                self.bytes.drain(..over);
            }
        }
    }
}

const STDOUT_LIMIT: usize = 1024 * 1024;
const STDERR_LIMIT: usize = 8 * 1024;
const GRACE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::{Heard, Keep, whole_words};

    #[test]
    fn the_rest_of_a_secret_is_not_passed_on() {
        let said = b"fatal: https://me:hunter2@h/x failed";
        for (limit, whole) in [(20, &b" failed"[..]), (7, b" failed"), (5, b""), (100, said)] {
            let mut heard = Heard::default();
            heard.add(said, Keep::Last(limit));
            assert_eq!(whole_words(&heard.bytes, heard.cut), whole, "{limit}");
        }
    }
}
