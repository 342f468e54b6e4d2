//! The processes of the demo: two runners, and a worker that is killed.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, Command};

use super::stage::Stage;
use crate::cli::error::CliError;

/// How long a runner may take to end.
const FAREWELL: Duration = Duration::from_secs(15);

/// This program on the demo's set-up, untouched by the settings of the user who looks on.
pub(super) fn program(stage: &Stage) -> Command {
    let mut command = Command::new(&stage.program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("SPRINTGATE_") || text.starts_with("SCRUM4ME_") {
            command.env_remove(&name);
        }
    }
    command.env("NO_COLOR", "1").arg("--config").arg(stage.config());
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Starts a runner; its log is in the demo's folder.
pub(super) fn runner(stage: &Stage, number: u32) -> Result<Child, CliError> {
    let mut command = program(stage);
    command.args(["runner", "--wait-seconds", "60"]);
    logged(&mut command, &stage.folder.join(format!("runner-{number}.log")))?;
    command.spawn().map_err(CliError::io("start a runner"))
}

/// Starts the worker that is to be killed, in a process group of its own.
pub(super) fn victim(stage: &Stage) -> Result<Child, CliError> {
    let mut command = program(stage);
    command.args(["demo-agent", "--victim", "--folder"]).arg(&stage.folder).process_group(0);
    logged(&mut command, &stage.folder.join("victim.log"))?;
    command.spawn().map_err(CliError::io("start a worker"))
}

fn logged(command: &mut Command, log: &Path) -> Result<(), CliError> {
    let failed = || CliError::io(format!("write {}", log.display()));
    let file = File::create(log).map_err(failed())?;
    command.stdout(file.try_clone().map_err(failed())?).stderr(file);
    Ok(())
}

/// Kills a worker and all it started, as a power cut would.
pub(super) async fn kill(mut worker: Child) -> Result<(), CliError> {
    if let Some(pid) = pid(&worker) {
        kill_process_group(pid, Signal::KILL)
            .map_err(|error| CliError::io("kill the worker")(error.into()))?;
    }
    worker.wait().await.map(drop).map_err(CliError::io("wait for the worker"))
}

/// Asks a runner to end. Returns its exit status; none when it had to be killed.
pub(super) async fn dismiss(mut runner: Child) -> Result<Option<i32>, CliError> {
    if let Some(pid) = pid(&runner) {
        kill_process(pid, Signal::TERM).map_err(|error| CliError::io("end a runner")(error.into()))?;
    }
    match tokio::time::timeout(FAREWELL, runner.wait()).await {
        Ok(status) => Ok(status.map_err(CliError::io("wait for a runner"))?.code()),
        Err(_) => runner.kill().await.map(|()| None).map_err(CliError::io("kill a runner")),
    }
}

fn pid(child: &Child) -> Option<Pid> {
    child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw)
}
