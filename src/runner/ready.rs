//! Runs what an operator wants done in each new worktree of a repository, as agents are run: in a process group of its
//! own, with an agent's environment and nothing of the server's, and with a limit of time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use rustix::fs::{Mode, OFlags, open};
use tokio::time::timeout;

use super::agent::{Agent, Order};
use super::folder::private;
use super::output::Log;
use super::{RunnerError, environment, strays};
use crate::flow::{Readies, ReadyAsk, Unready};

/// Bytes of what it writes that are kept in its log.
const OUTPUT_MAX: u64 = 4 << 20;
/// Bytes at the end of them that are told when it fails.
const TOLD: u64 = 400;

/// What is done in each new worktree of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preparation {
    /// The program and its arguments; no shell reads them.
    pub command: Vec<String>,
    /// How long it may take.
    pub limit: Duration,
}

/// What is done in new worktrees, by the [`key`](crate::domain::remote::RemoteUrl::key) of the repository's address, else by
/// its name. What a name says is not done for a repository when the clone of that name is of another one. `SPRINTGATE_WORKTREE` is the worktree, in which the program
/// starts, and `SPRINTGATE_CLONE` the person's clone of the repository on this machine.
#[derive(Debug, Clone)]
pub struct Preparations {
    of: BTreeMap<String, Preparation>,
    logs: PathBuf,
}

impl Preparations {
    /// These, with their logs in that folder of the runner's state.
    #[must_use]
    pub fn new(of: BTreeMap<String, Preparation>, state_dir: &Path) -> Self {
        Self { of, logs: state_dir.join("logs") }
    }

    fn start(&self, wanted: &Preparation, ask: ReadyAsk<'_>) -> Result<(Agent, PathBuf), RunnerError> {
        private(&self.logs)?;
        let name = ask.worktree.file_name().unwrap_or_default().to_string_lossy();
        let path = self.logs.join(format!("{name}-prepare.log"));
        let log = Log::make(path.clone(), OUTPUT_MAX)?;
        let ours: [(OsString, OsString); 3] = [
            // By which what leaves the group is found.
            ("SPRINTGATE_PAYLOAD".into(), path.clone().into()),
            ("SPRINTGATE_WORKTREE".into(), ask.worktree.into()),
            ("SPRINTGATE_CLONE".into(), ask.clone.into()),
        ];
        let mut env = environment::inherited(&[]);
        env.extend(ours);
        let order = Order { words: wanted.command.clone(), folder: ask.worktree.into(), env };
        let program = PathBuf::from(wanted.program());
        Ok((Agent::start(order, log).map_err(RunnerError::io("start", &program))?, path))
    }
}

impl Preparations {
    /// What is wanted for a repository.
    fn wanted(&self, ask: ReadyAsk<'_>) -> Result<Option<&Preparation>, Unready> {
        let ReadyAsk { url, clone, is_of_another, .. } = ask;
        if let Some(exact) = self.of.get(&url.key()) {
            return Ok(Some(exact));
        }
        match self.of.get(url.repo_name()) {
            Some(_) if is_of_another => Err(Unready {
                what: format!(
                    "`[prepare.{}]` is for the repository of {}, and this is {url}; give it a \
                     `[prepare.\"{url}\"]` of its own",
                    url.repo_name(),
                    clone.display()
                ),
                said: String::new(),
            }),
            found => Ok(found),
        }
    }
}

impl Preparation {
    fn program(&self) -> &str {
        self.command.first().map_or("", String::as_str)
    }
}

#[async_trait]
impl Readies for Preparations {
    async fn ready(&self, ask: ReadyAsk<'_>) -> Result<(), Unready> {
        let Some(wanted) = self.wanted(ask)? else { return Ok(()) };
        let not_started = |error: RunnerError| {
            let why = std::error::Error::source(&error).map(|source| format!(": {source}"));
            Unready { what: format!("{error}{}", why.unwrap_or_default()), said: String::new() }
        };
        let (mut agent, log) = self.start(wanted, ask).map_err(not_started)?;
        let _strays = Strays(&log);
        let ended = timeout(wanted.limit, agent.exited()).await;
        agent.finish().await;
        let program = wanted.program();
        let what = match ended {
            Ok(Ok(status)) if status.success() => return Ok(()),
            Ok(Ok(status)) => format!("`{program}` ended with {status}"),
            Ok(Err(error)) => format!("the end of `{program}` could not be read: {error}"),
            Err(_) => format!("`{program}` did not end within {} s and was killed", wanted.limit.as_secs()),
        };
        tracing::warn!(repo = %ask.url, log = %log.display(), what, "a worktree could not be made ready");
        Err(Unready { what, said: end_of(&log) })
    }
}

/// Kills what is left outside of the group, however the wait for it ends.
struct Strays<'a>(&'a Path);

impl Drop for Strays<'_> {
    fn drop(&mut self) {
        let strays = strays::kill(self.0);
        if strays > 0 {
            tracing::warn!(log = %self.0.display(), strays, "killed what a preparation had left behind");
        }
    }
}

/// The end of a log; nothing when it cannot be read.
fn end_of(log: &Path) -> String {
    let read = || {
        // The program may have put something else in its place.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut file = File::from(open(log, OFlags::RDONLY | flags, Mode::empty())?);
        let facts = file.metadata()?;
        if !facts.is_file() {
            return Ok(Vec::new());
        }
        let begin = facts.len().saturating_sub(TOLD);
        file.seek(SeekFrom::Start(begin))?;
        let mut bytes = Vec::new();
        file.take(TOLD).read_to_end(&mut bytes)?;
        // Half a word could be half an address, in which nobody sees a secret any more.
        if begin > 0 {
            let cut = bytes.iter().position(u8::is_ascii_whitespace).unwrap_or(bytes.len());
            bytes.drain(..cut);
        }
        Ok::<_, std::io::Error>(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).trim().to_owned()
}
