//! One job, from its claim to the removal of its folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::agent::{Agent, Ended, Order};
use super::folder::{About, JobFolder, private};
use super::life::Runner;
use super::output::Log;
use super::pause::Pause;
use super::process::Process;
use super::template::{PROMPT, Values, fill};
use super::verdict::{Verdict, Why};
use super::watch::{Lease, Over};
use super::{RunnerError, environment, strays};
use crate::domain::id::JobId;
use crate::flow::wire::{JobAnswer, JobLine};
use crate::flow::{Confirmation, FlowError, Retry, Secret};

/// An attempt that this runner claimed.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) job: JobId,
    pub(super) attempt: u32,
    worktree: PathBuf,
    answer: JobAnswer,
}

impl Held {
    /// What a claim's answer says.
    pub(super) fn of(answer: JobAnswer) -> Result<Self, RunnerError> {
        let job = answer.job_id.as_deref().and_then(|id| JobId::new(id).ok());
        let attempt = answer.attempt.and_then(|n| u32::try_from(n).ok());
        let worktree = answer.worktree_path.as_deref().map(PathBuf::from);
        Ok(Self {
            job: job.ok_or(RunnerError::Odd { what: "id" })?,
            attempt: attempt.ok_or(RunnerError::Odd { what: "attempt" })?,
            worktree: worktree.ok_or(RunnerError::Odd { what: "worktree" })?,
            answer,
        })
    }

    fn about(&self) -> About {
        About { job: self.job.clone(), attempt: self.attempt }
    }

    fn title(&self) -> &str {
        self.answer.task.as_ref().map_or("", |task| &task.title)
    }
}

impl Runner {
    /// Works on a claimed job. However this ends, the job is not held by this runner any more, unless the database
    /// could not be told so.
    pub(super) async fn work(&self, held: &Held, socket: &Path, stop: &CancellationToken) -> Verdict {
        tracing::info!(job = %held.job, attempt = held.attempt, title = held.title(), "claimed");
        let mut lease = Lease::new(&self.app, &self.session, held);
        if let Err(over) = lease.renew().await {
            return self.settle(&held.about(), &Why::Lease(over), Ended::Gently).await;
        }
        let folder = match JobFolder::make(&self.jobs(), &held.about()) {
            Ok(folder) => folder,
            Err(error) => return self.not_started(held, &error).await,
        };
        let verdict = match self.start(held, &folder, socket).await {
            Ok(agent) => {
                let (why, ended) = self.watch(agent, &mut lease, stop).await;
                let strays = strays::kill(&folder.payload_path());
                if strays > 0 {
                    tracing::warn!(job = %held.job, strays, "killed what the agent had put outside of its group");
                }
                self.settle(&held.about(), &why, ended).await
            }
            Err(error) => self.not_started(held, &error).await,
        };
        if let Err(error) = self.app.tidy_attempt(&held.job, held.attempt).await {
            tracing::warn!(job = %held.job, %error, "the worktree stays; a later tidy removes it");
        }
        folder.remove();
        verdict
    }

    async fn start(&self, held: &Held, folder: &JobFolder, socket: &Path) -> Result<Agent, RunnerError> {
        let token = self.app.attempt_token(&self.session, &held.job, held.attempt).await?;
        let payload = folder.payload(&held.answer)?;
        let config = held.answer.config.clone().unwrap_or_default();
        let mut values = Values {
            payload: payload.display().to_string(),
            worktree: held.worktree.display().to_string(),
            job_id: held.job.to_string(),
            attempt: held.attempt.to_string(),
            mcp_config: folder.mcp_config(&self.settings.program, socket, &token)?.display().to_string(),
            prompt: String::new(),
            model: config.model,
            permission_mode: config.permission_mode,
        };
        values.prompt = fill(PROMPT, &values);
        let logs = self.logs();
        private(&logs)?;
        let log = logs.join(format!("{}-a{}.log", held.job, held.attempt));
        let log = Log::make(log, self.settings.output_max)?;
        tracing::info!(job = %held.job, log = %log.path().display(), "starting the agent");
        let order = Order {
            words: self.settings.agent.iter().map(|word| fill(word, &values)).collect(),
            folder: held.worktree.clone(),
            env: self.environment(&values, socket, &token),
        };
        let program = PathBuf::from(order.words.first().map_or("", String::as_str));
        let agent = Agent::start(order, log).map_err(RunnerError::io("start the agent", &program))?;
        match agent.pid().and_then(Process::of) {
            Some(process) => folder.note(&process)?,
            None => tracing::debug!(job = %held.job, "the agent's process could not be noted"),
        }
        Ok(agent)
    }

    fn environment(&self, values: &Values, socket: &Path, token: &Secret) -> Vec<(OsString, OsString)> {
        let mut env = environment::inherited(&self.settings.pass_env);
        let ours: [(&str, OsString); 6] = [
            ("SPRINTGATE_SOCKET", socket.into()),
            ("SPRINTGATE_TOKEN", token.reveal().into()),
            ("SPRINTGATE_JOB_ID", values.job_id.as_str().into()),
            ("SPRINTGATE_ATTEMPT", values.attempt.as_str().into()),
            ("SPRINTGATE_PAYLOAD", values.payload.as_str().into()),
            ("SPRINTGATE_WORKTREE", values.worktree.as_str().into()),
        ];
        env.extend(ours.map(|(name, value)| (name.into(), value)));
        env
    }

    /// Waits for whatever ends the agent's work first, and leaves no process of it.
    async fn watch(&self, mut agent: Agent, lease: &mut Lease<'_>, stop: &CancellationToken) -> (Why, Ended) {
        let limit = self.settings.limit;
        let why = tokio::select! {
            exit = agent.exited() => exit.map_or_else(Why::Unknown, Why::Exited),
            over = lease.keep() => Why::Lease(over),
            () = tokio::time::sleep(limit) => Why::Limit(limit),
            () = stop.cancelled() => Why::Stopped,
        };
        let grace = match &why {
            Why::Exited(_) => None,
            // Another attempt may begin this very moment.
            Why::Lease(Over::Unsure) => Some(Duration::ZERO),
            _ => Some(self.settings.grace),
        };
        let ended = match grace {
            None => Ended::Gently,
            Some(grace) => {
                tracing::info!(job = %lease.held.job, why = why.reason(), "ending the agent");
                // The job stays ours until the agent is gone, if it still is.
                tokio::select! {
                    biased;
                    ended = agent.end(grace) => ended,
                    () = never(lease, &why) => Ended::Killed,
                }
            }
        };
        agent.finish().await;
        (why, ended)
    }

    /// Gives the job back if this attempt still holds it.
    pub(super) async fn settle(&self, held: &About, why: &Why, ended: Ended) -> Verdict {
        let reason = why.reason();
        match self.told(held, why, &reason).await {
            Ok(line) => {
                tracing::warn!(job = %held.job, status = line.status, reason, "given back");
                Verdict::GivenBack
            }
            Err(FlowError::Cancelled { cause, .. }) => {
                let how = match ended {
                    Ended::Gently => Confirmation::Confirmed,
                    Ended::Killed => Confirmation::Forced,
                };
                tracing::info!(job = %held.job, cause, ?how, "cancelled; its agent has stopped");
                let noted = self.app.confirm_stop(&self.session, &held.job, held.attempt, how).await;
                if let Err(error) = noted {
                    tracing::warn!(job = %held.job, %error, "the stop could not be confirmed");
                }
                Verdict::Ended
            }
            Err(FlowError::Ended { status, .. }) => {
                tracing::info!(job = %held.job, %status, "ended");
                Verdict::Ended
            }
            Err(error) => {
                tracing::warn!(job = %held.job, %error, reason, "not ours any more");
                Verdict::Lost
            }
        }
    }

    /// Gives back, for as long as the job may still be this attempt's: a database that is away may come back before the
    /// lease ends. A runner that shall stop does not wait for that.
    async fn told(&self, held: &About, why: &Why, reason: &str) -> Result<JobLine, FlowError> {
        let lease = Duration::from_millis(self.app.settings().lease.0.max(1).unsigned_abs());
        let (begun, mut pause) = (Instant::now(), Pause::new(self.settings.pause));
        loop {
            let said = self.app.give_back(&self.session, &held.job, held.attempt, reason).await;
            let Err(error @ FlowError::Store(_)) = &said else { return said };
            let wait = pause.failed();
            let left = lease.saturating_sub(begun.elapsed());
            if error.retry() != Retry::Later || wait >= left || matches!(why, Why::Stopped | Why::Orphaned) {
                return said;
            }
            tracing::warn!(job = %held.job, %error, "the job cannot be given back yet");
            tokio::time::sleep(wait).await;
        }
    }

    /// No agent could be started.
    async fn not_started(&self, held: &Held, error: &RunnerError) -> Verdict {
        let mut why = error.to_string();
        if let Some(source) = std::error::Error::source(error) {
            why = format!("{why}: {source}");
        }
        tracing::error!(job = %held.job, error = why, "no agent was started");
        self.settle(&held.about(), &Why::NotStarted(why), Ended::Gently).await
    }
}

/// Keeps the lease while the agent ends, where there is one to keep; never returns.
async fn never(lease: &mut Lease<'_>, why: &Why) {
    if !matches!(why, Why::Lease(_)) {
        lease.keep().await;
    }
    std::future::pending().await
}
