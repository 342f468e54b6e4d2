//! The clone of a product's repository on this machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cli::error::CliError;
use crate::cli::wiring;
use crate::domain::remote::RemoteUrl;

/// The folder, absolute and without links, which is the top of a clone.
pub(super) fn folder(path: &Path) -> Result<PathBuf, CliError> {
    let folder = path.canonicalize().map_err(CliError::io(format!("find the clone {}", path.display())))?;
    if wiring::is_clone(&folder) && folder.join(".git").exists() {
        Ok(folder)
    } else {
        Err(CliError::argument(
            "--clone",
            format!("{} is not the top of a clone with a work tree", folder.display()),
        ))
    }
}

/// The address of the clone's `origin`; a relative one is made absolute.
pub(super) fn origin(clone: &Path) -> Result<RemoteUrl, CliError> {
    let out = Command::new("git")
        .arg("-C")
        .arg(clone)
        .args(["config", "--get", "remote.origin.url"])
        // these would make git look at another repository than the folder's
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_CONFIG")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(CliError::io("start git"))?;
    let text = String::from_utf8_lossy(&out.stdout);
    match text.trim() {
        "" => Err(CliError::argument("--clone", "has no remote `origin`; name its address with --repo-url")),
        text => address("--clone", text, clone),
    }
}

/// The address of a repository; a path that is relative to `base` is made absolute.
pub(super) fn address(argument: &'static str, text: &str, base: &Path) -> Result<RemoteUrl, CliError> {
    let path = base.join(text);
    let known = if is_relative(text) && path.exists() {
        let path = path.canonicalize().map_err(CliError::io("find the repository"))?;
        RemoteUrl::new(path.to_string_lossy())
    } else {
        RemoteUrl::new(text)
    };
    known.map_err(|error| CliError::argument(argument, error.to_string()))
}

/// Whether git would read it as a path, and one that depends on where one stands.
fn is_relative(text: &str) -> bool {
    !text.starts_with('/') && !text.contains(':')
}
