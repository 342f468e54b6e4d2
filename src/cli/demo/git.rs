//! The git program as a developer or an agent uses it, without the settings of the machine's user.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::cli::error::CliError;

/// Runs git in a folder and hands back what it printed.
pub(super) async fn git(folder: &Path, args: &[&str]) -> Result<String, CliError> {
    let mut command = Command::new("git");
    command.args(args).current_dir(folder).stdin(Stdio::null());
    // within a hook of somebody's repository GIT_DIR and its like would lead there
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"GIT_")) {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Demo").env(format!("GIT_{who}_EMAIL"), "demo@example.org");
    }
    let output = command.output().await.map_err(CliError::io("start git"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let verb = args.first().copied().unwrap_or_default();
    Err(CliError::failed("DEMO_GIT", format!("git {verb} failed: {}", words.trim())))
}
