//! Runs what an operator wants done in each new worktree of a repository, as agents are run: in a process group of its
//! own, with an agent's environment and nothing of the server's, and with a limit of time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

use super::agent::{Agent, Order};
use super::folder::private;
use super::output::Log;
use super::{RunnerError, environment};
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

/// What is done in new worktrees, by the repository's name. `SPRINTGATE_WORKTREE` is the worktree, in which the program
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
        let ours: [(OsString, OsString); 2] = [
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

impl Preparation {
    fn program(&self) -> &str {
        self.command.first().map_or("", String::as_str)
    }
}

#[async_trait]
impl Readies for Preparations {
    async fn ready(&self, ask: ReadyAsk<'_>) -> Result<(), Unready> {
        let Some(wanted) = self.of.get(ask.repo) else { return Ok(()) };
        let not_started = |error: RunnerError| {
            let why = std::error::Error::source(&error).map(|source| format!(": {source}"));
            Unready { what: format!("{error}{}", why.unwrap_or_default()), said: String::new() }
        };
        let (mut agent, log) = self.start(wanted, ask).map_err(not_started)?;
        let ended = timeout(wanted.limit, agent.exited()).await;
        agent.finish().await;
        let program = wanted.program();
        let what = match ended {
            Ok(Ok(status)) if status.success() => return Ok(()),
            Ok(Ok(status)) => format!("`{program}` ended with {status}"),
            Ok(Err(error)) => format!("the end of `{program}` could not be read: {error}"),
            Err(_) => format!("`{program}` did not end within {} s and was killed", wanted.limit.as_secs()),
        };
        tracing::warn!(repo = ask.repo, log = %log.display(), what, "a worktree could not be made ready");
        Err(Unready { what, said: end_of(&log) })
    }
}

/// The end of a log; nothing when it cannot be read.
fn end_of(log: &Path) -> String {
    let read = || {
        let mut file = File::open(log)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(TOLD)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).trim().to_owned()
}
