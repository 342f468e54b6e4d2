//! One agent's process group: started, listened to, and ended without a member left.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop, ProcessGroup};
use rustix::process::Signal;
use tokio::process::Command;
use tokio::time::timeout;

use super::output::Log;

/// How long the members of a killed group may take to be gone.
const REAPING: Duration = Duration::from_secs(2);

/// How an agent is to be started.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) words: Vec<String>,
    pub(super) folder: PathBuf,
    pub(super) env: Vec<(OsString, OsString)>,
}

/// An agent at work. Dropping it kills its group.
#[derive(Debug)]
pub(super) struct Agent {
    child: Box<dyn ChildWrapper>,
    log: Option<Log>,
    over: bool,
}

/// How an agent that was told to end did so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, or after being asked.
    Gently,
    /// It had to be killed.
    Killed,
}

impl Agent {
    /// Starts it as the leader of a new group, with nothing in its environment but what the order names.
    pub(super) fn start(order: Order, mut log: Log) -> std::io::Result<Self> {
        let mut words = order.words.into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env_clear().envs(order.env).current_dir(order.folder);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = CommandWrap::from(command).wrap(ProcessGroup::leader()).wrap(KillOnDrop).spawn()?;
        log.listen(child.stdout().take());
        log.listen(child.stderr().take());
        Ok(Self { child, log: Some(log), over: false })
    }

    /// The number of the leader, and so of the group.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for the leader alone: what it leaves behind is for [`Agent::finish`] to kill, not to wait for.
    pub(super) async fn exited(&mut self) -> std::io::Result<ExitStatus> {
        self.child.inner_mut().wait().await
    }

    /// Asks the group to end, and kills it when its leader has not ended within the grace.
    pub(super) async fn end(&mut self, grace: Duration) -> Ended {
        if let Err(error) = self.child.signal(Signal::TERM.as_raw()) {
            tracing::debug!(%error, "the agent could not be asked to end");
        }
        match timeout(grace, self.exited()).await {
            Ok(_) => Ended::Gently,
            Err(_) => {
                self.kill();
                Ended::Killed
            }
        }
    }

    /// Kills whatever is left of the group, and closes the log.
    pub(super) async fn finish(mut self) {
        self.kill();
        self.over = true;
        match timeout(REAPING, self.child.wait()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the agent's end could not be read"),
            Err(_) => tracing::warn!("processes of the agent do not end though they were killed"),
        }
        if let Some(log) = self.log.take() {
            log.close().await;
        }
    }

    /// A group without members is no failure.
    fn kill(&mut self) {
        if let Err(error) = self.child.start_kill() {
            tracing::debug!(%error, "nothing of the agent was left to kill");
        }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        if !self.over {
            self.kill();
        }
    }
}
