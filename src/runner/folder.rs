//! The folder of one attempt: what its agent is told, and what a later runner has to know to clean up after it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::RunnerError;
use super::process::Process;
use crate::domain::id::JobId;
use crate::flow::Secret;

/// Held by the runner that uses the folder, for as long as it lives.
const HELD: &str = "held";
const ABOUT: &str = "about.json";
const PROCESS: &str = "process.json";
const PAYLOAD: &str = "payload.json";

/// Whose attempt a folder is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct About {
    pub(super) job: JobId,
    pub(super) attempt: u32,
}

/// The folder of one attempt, held. It is removed by [`JobFolder::remove`] alone.
#[derive(Debug)]
pub(super) struct JobFolder {
    path: PathBuf,
    _held: File,
}

/// Makes a folder for this user alone, or finds it so.
pub(super) fn private(path: &Path) -> Result<(), RunnerError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(RunnerError::io("create", path))?;
    let mode = fs::metadata(path).map_err(RunnerError::io("read", path))?.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(RunnerError::Exposed { folder: path.to_owned(), mode });
    }
    Ok(())
}

/// Keeps other runners from making or taking job folders while it lives.
pub(super) fn lock(jobs: &Path) -> Result<File, RunnerError> {
    let path = jobs.join("lock");
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
    let file = file.map_err(RunnerError::io("open", &path))?;
    file.lock().map_err(RunnerError::io("lock", &path))?;
    Ok(file)
}

impl JobFolder {
    /// Makes the folder, which must not be there.
    pub(super) fn make(jobs: &Path, about: &About) -> Result<Self, RunnerError> {
        private(jobs)?;
        let _lock = lock(jobs)?;
        let path = jobs.join(format!("{}-a{}", about.job, about.attempt));
        DirBuilder::new().mode(0o700).create(&path).map_err(RunnerError::io("create", &path))?;
        let held = new_file(&path.join(HELD))?;
        held.lock().map_err(RunnerError::io("lock", &path))?;
        let folder = Self { path, _held: held };
        folder.write(ABOUT, about)?;
        Ok(folder)
    }

    /// Takes a folder whose runner is dead; none when it lives, or when there is nothing to know from it.
    pub(super) fn take(path: &Path) -> Option<(Self, About, Option<Process>)> {
        let held = OpenOptions::new().append(true).open(path.join(HELD)).ok()?;
        held.try_lock().ok()?;
        let about = fs::read_to_string(path.join(ABOUT)).ok()?;
        let about = serde_json::from_str(&about).ok()?;
        let process = fs::read_to_string(path.join(PROCESS)).ok();
        let process = process.and_then(|text| serde_json::from_str(&text).ok());
        Some((Self { path: path.to_owned(), _held: held }, about, process))
    }

    /// Notes which process works here.
    pub(super) fn note(&self, process: &Process) -> Result<(), RunnerError> {
        self.write(PROCESS, process).map(drop)
    }

    /// Writes what the job is.
    pub(super) fn payload(&self, job: &impl serde::Serialize) -> Result<PathBuf, RunnerError> {
        self.write(PAYLOAD, job)
    }

    /// Where that is written; the agent and all it starts carry this path.
    pub(super) fn payload_path(&self) -> PathBuf {
        self.path.join(PAYLOAD)
    }

    /// Writes where the agent's MCP server is, as Claude Code and others read it.
    pub(super) fn mcp_config(
        &self,
        program: &Path,
        socket: &Path,
        token: &Secret,
    ) -> Result<PathBuf, RunnerError> {
        let env = json!({ "SPRINTGATE_SOCKET": socket, "SPRINTGATE_TOKEN": token.reveal() });
        let server = json!({ "command": program, "args": ["mcp"], "env": env });
        self.write("mcp.json", &json!({ "mcpServers": { "sprintgate": server } }))
    }

    fn write(&self, name: &str, value: &impl serde::Serialize) -> Result<PathBuf, RunnerError> {
        let path = self.path.join(name);
        let text = serde_json::to_vec_pretty(value)
            .map_err(|error| RunnerError::io("write", &path)(std::io::Error::other(error)))?;
        new_file(&path)?.write_all(&text).map_err(RunnerError::io("write", &path))?;
        Ok(path)
    }

    /// Removes the folder and all in it.
    pub(super) fn remove(self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(folder = %self.path.display(), %error, "a job's folder stays behind");
        }
    }
}

/// A file that was not there, for this user alone; a link in its place is refused.
fn new_file(path: &Path) -> Result<File, RunnerError> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.map_err(RunnerError::io("create", path))
}
