//! The loop: wait, work, and let be for a while after failures.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::folder::{lock, private};
use super::job::Held;
use super::pause::Pause;
use super::verdict::Verdict;
use super::{RunnerError, RunnerReport, RunnerSettings, chores, environment};
use crate::domain::id::WorkerId;
use crate::flow::Secret;
use crate::flow::wire::{JobAnswer, WaitForJob};
use crate::flow::{FlowError, Keeper, Session, Sprintgate};
use crate::mcp::Socket;

/// One job at a time, for as long as it is let.
pub struct Runner {
    pub(super) app: Sprintgate,
    pub(super) session: Arc<Session>,
    pub(super) settings: RunnerSettings,
}

impl Runner {
    /// A runner for the session's user.
    #[must_use]
    pub fn new(app: Sprintgate, session: Arc<Session>, settings: RunnerSettings) -> Self {
        Self { app, session, settings }
    }

    /// Claims jobs and runs an agent on each, until `stop` is cancelled; with `once`, waits one time and works on one
    /// job at most. When it is stopped, the agent is ended and its job given back before this returns.
    ///
    /// # Errors
    /// When the runner cannot work at all: no agent is configured, its folders are not private, its token is not
    /// good. With `once`, also what kept the one job from being claimed.
    pub async fn run(&self, once: bool, stop: CancellationToken) -> Result<RunnerReport, RunnerError> {
        self.check()?;
        let mut report = RunnerReport { leftovers: self.clean_up().await?, ..RunnerReport::default() };
        let socket = self.bind()?;
        let path = socket.path().to_owned();
        // Agents are served until the last of them has ended.
        let closing = CancellationToken::new();
        let served = tokio::spawn(socket.serve(self.app.clone(), self.sessions(), closing.clone()));
        let logs = self.logs();
        chores::tidy(&self.app, &logs).await;
        let keeper = Keeper::start(&self.app);
        let outcome = tokio::select! {
            outcome = self.jobs_in_turn(once, &path, &stop, &mut report) => outcome,
            () = chores::forever(&self.app, &logs) => Ok(()),
        };
        keeper.stop().await;
        closing.cancel();
        if let Err(error) = served.await {
            tracing::warn!(%error, "the agents' socket ended badly");
        }
        outcome.map(|()| report)
    }

    /// Where the folders of attempts are.
    pub(super) fn jobs(&self) -> PathBuf {
        self.settings.state_dir.join("jobs")
    }

    /// Where what agents wrote is kept.
    pub(super) fn logs(&self) -> PathBuf {
        self.settings.state_dir.join("logs")
    }

    /// Binds this runner's socket, and removes those that dead runners left.
    fn bind(&self) -> Result<Socket, RunnerError> {
        let sockets = self.settings.state_dir.join("run");
        private(&sockets)?;
        // A socket that is being made answers nobody yet, and must not be taken for a dead one.
        let _lock = lock(&self.jobs())?;
        for entry in fs::read_dir(&sockets).map_err(RunnerError::io("read", &sockets))?.flatten() {
            let refused = UnixStream::connect(entry.path())
                .is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused);
            if refused && let Err(error) = fs::remove_file(entry.path()) {
                tracing::warn!(socket = %entry.path().display(), %error, "a dead runner's socket stays");
            }
        }
        Ok(Socket::bind(&sockets.join(format!("{}.sock", std::process::id())))?)
    }

    fn check(&self) -> Result<(), RunnerError> {
        if self.settings.agent.first().is_none_or(|program| program.is_empty()) {
            return Err(RunnerError::NoAgent);
        }
        for name in &self.settings.pass_env {
            environment::allowed(name).map_err(|why| RunnerError::Variable { name: name.clone(), why })?;
        }
        private(&self.settings.state_dir)
    }

    /// An agent speaks as the process that its runner is, with the token that it shows.
    fn sessions(&self) -> impl Fn(Option<Secret>) -> Session + Send + Sync + 'static {
        let worker: WorkerId = self.session.worker_id().clone();
        move |token| Session::worker(token.as_ref(), worker.clone())
    }

    async fn jobs_in_turn(
        &self,
        once: bool,
        socket: &Path,
        stop: &CancellationToken,
        report: &mut RunnerReport,
    ) -> Result<(), RunnerError> {
        let mut pause = Pause::new(self.settings.pause);
        while !stop.is_cancelled() {
            let good = match self.wait(once, stop).await {
                Ok(None) => true,
                Ok(Some(answer)) => {
                    let verdict = self.work(&Held::of(answer)?, socket, stop).await;
                    report.count(verdict);
                    verdict != Verdict::GivenBack
                }
                Err(error) if once || is_final(&error) => return Err(error.into()),
                Err(error) => {
                    report.failures += 1;
                    tracing::warn!(%error, "no job could be claimed");
                    false
                }
            };
            if once {
                break;
            }
            if good {
                pause.reset();
            } else {
                let wait = pause.failed();
                tracing::info!(seconds = wait.as_secs_f32(), "letting be after a failure");
                let_be(wait, stop).await;
            }
        }
        Ok(())
    }

    /// A job, or none when there was none or nobody waits any more.
    async fn wait(&self, once: bool, stop: &CancellationToken) -> Result<Option<JobAnswer>, FlowError> {
        let seconds = i64::try_from(self.settings.wait.as_secs()).unwrap_or(i64::MAX);
        // Waits without a length, one after the other, would only warm the machine.
        let seconds = if once { seconds } else { seconds.max(1) };
        let ask = WaitForJob { wait_seconds: Some(seconds), ..WaitForJob::default() };
        match self.app.wait_for_job(&self.session, ask, stop).await {
            Ok(answer) => Ok(answer.job_id.is_some().then_some(answer)),
            Err(FlowError::Gone) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether waiting cannot help: somebody has to change something about this runner.
fn is_final(error: &FlowError) -> bool {
    matches!(
        error,
        FlowError::Unauthenticated { .. }
            | FlowError::Forbidden { .. }
            | FlowError::Demo
            | FlowError::Invalid { .. }
    )
}

async fn let_be(wait: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(wait) => {}
    }
}
