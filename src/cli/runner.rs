//! Claims jobs and runs an agent on each.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::config::Config;
use super::error::CliError;
use super::wiring;
use crate::runner::{Runner, RunnerError, RunnerSettings};

/// What a shell says of a program that SIGTERM ended, or SIGINT.
const STATUS: [u8; 2] = [143, 130];

/// Claim jobs and run an agent on each.
///
/// In the agent's words, {payload}, {worktree}, {job_id}, {attempt}, {mcp_config}, {prompt}, {model} and
/// {permission_mode} are replaced. No shell reads them. The status is 0 after work or idling, 1 after an error, and
/// 143 or 130 after SIGTERM or SIGINT, when the job at work has been given back.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Wait one time, work on one job at most, and end
    #[arg(long)]
    once: bool,
    /// How long one wait for a job lasts
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u64).range(0..=600))]
    wait_seconds: u64,
    /// How long an agent may work on a job
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=10_080))]
    limit_minutes: u64,
    /// A variable that agents get beside the usual ones, as ANTHROPIC_API_KEY; may be repeated
    #[arg(long, value_name = "NAME")]
    pass_env: Vec<String>,
    /// The agent's program and arguments; everything after this flag belongs to them [default: `agent` of the config
    /// file, else Claude Code]
    #[arg(long, value_name = "CMD", num_args = 1.., allow_hyphen_values = true)]
    agent: Vec<String>,
}

/// Answers `sprintgate runner`.
pub(crate) async fn run(args: Args, config: Config) -> Result<ExitCode, CliError> {
    let program = std::env::current_exe().map_err(CliError::io("find this program"))?;
    let agent = if args.agent.is_empty() { config.agent.clone() } else { args.agent };
    let settings = RunnerSettings {
        wait: Duration::from_secs(args.wait_seconds),
        limit: Duration::from_secs(args.limit_minutes * 60),
        pass_env: args.pass_env,
        ..RunnerSettings::new(agent, program, config.state_dir.clone())
    };
    for forge in &config.forges {
        if forge.token_env.as_ref().is_some_and(|name| settings.pass_env.contains(name)) {
            let why = format!("a variable with the token for {} is not for agents", forge.host);
            return Err(CliError::argument("--pass-env", why));
        }
    }
    let (stop, told) = (CancellationToken::new(), Arc::new(AtomicU8::new(0)));
    listen(&stop, &told)?;
    let session = Arc::new(wiring::worker(&config)?);
    let runner = Runner::new(wiring::open(&config).await?, session, settings);
    let report = runner.run(args.once, stop).await.map_err(|error| match error {
        RunnerError::Flow(error) => CliError::Flow(error),
        RunnerError::NoAgent => CliError::argument("--agent", error.to_string()),
        RunnerError::Variable { .. } => CliError::argument("--pass-env", error.to_string()),
        other => CliError::failed("RUNNER_FAILED", other),
    })?;
    tracing::info!(
        ended = report.ended,
        given_back = report.given_back,
        lost = report.lost,
        failures = report.failures,
        "the runner ends"
    );
    Ok(ExitCode::from(told.load(Ordering::SeqCst)))
}

/// Cancels `stop` on SIGTERM and SIGINT, and notes the status that goes with it.
pub(super) fn listen(stop: &CancellationToken, told: &Arc<AtomicU8>) -> Result<(), CliError> {
    for (kind, status) in [SignalKind::terminate(), SignalKind::interrupt()].into_iter().zip(STATUS) {
        let mut signals = signal(kind).map_err(CliError::io("watch signals"))?;
        let (stop, told) = (stop.clone(), Arc::clone(told));
        tokio::spawn(async move {
            if signals.recv().await.is_some() {
                tracing::info!("told to stop");
                told.store(status, Ordering::SeqCst);
                stop.cancel();
            }
        });
    }
    Ok(())
}
