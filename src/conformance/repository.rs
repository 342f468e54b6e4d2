//! A remote and a clone of it, in the check's folder, for what is pushed.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::Failed;

/// Where the remote is.
pub(super) fn remote(folder: &Path) -> PathBuf {
    folder.join("origin.git")
}

/// Where the clone is.
pub(super) fn clone(folder: &Path) -> PathBuf {
    folder.join("clone")
}

/// Makes both, with one commit.
pub(super) async fn make(folder: &Path) -> Result<(), Failed> {
    git(folder, &["init", "-q", "--bare", "-b", "main", "origin.git"]).await?;
    git(folder, &["init", "-q", "-b", "main", "clone"]).await?;
    let clone = clone(folder);
    git(&clone, &["remote", "add", "origin", &remote(folder).display().to_string()]).await?;
    git(&clone, &["commit", "-q", "--allow-empty", "-m", "first"]).await?;
    git(&clone, &["push", "-q", "origin", "main"]).await.map(drop)
}

/// Changes what the plan of a task names, and commits it.
pub(super) async fn work(worktree: &Path) -> Result<(), Failed> {
    let written = std::fs::create_dir_all(worktree.join("src"))
        .and_then(|()| std::fs::write(worktree.join("src/a.rs"), worktree.display().to_string()));
    written.map_err(|error| broke(&error.to_string()))?;
    git(worktree, &["add", "-A"]).await?;
    git(worktree, &["commit", "-q", "-m", "work"]).await.map(drop)
}

/// The commit that it is on.
pub(super) async fn head(worktree: &Path) -> Result<String, Failed> {
    git(worktree, &["rev-parse", "HEAD"]).await
}

fn broke(why: &str) -> Failed {
    Failed::Broke(format!("git: {why}"))
}

/// What it says.
async fn git(at: &Path, args: &[&str]) -> Result<String, Failed> {
    let mut call = Command::new("git");
    call.args(["-c", "user.name=selftest", "-c", "user.email=selftest@example.org"]).args(args);
    call.current_dir(at).stdin(Stdio::null()).kill_on_drop(true);
    call.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        call.env_remove(name);
    }
    let said = call.output().await.map_err(|error| broke(&error.to_string()))?;
    if said.status.success() {
        return Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned());
    }
    Err(broke(&format!("{}: {}", args.join(" "), String::from_utf8_lossy(&said.stderr))))
}
