//! Where repositories are kept and how long git may take.

use std::fs::{self, DirBuilder};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::GitError;
use super::patience::Left;

/// Where repositories are kept and how git is run.
#[derive(Debug, Clone)]
pub struct GitSettings {
    /// The folder of worktrees; agents write below it.
    pub worktree_root: PathBuf,
    /// The folder of vaults; only the server writes below it.
    pub vault_root: PathBuf,
    /// How long one git command may take; 120 s is usual.
    pub timeout: Duration,
    /// The credential helper for https, as git's `credential.helper` takes it.
    pub credential_helper: Option<String>,
}

/// Everything that is done with repositories.
#[derive(Debug, Clone)]
pub struct Git {
    settings: GitSettings,
    left: Left,
}

impl Git {
    /// Takes the settings and makes the two roots, open to this user alone.
    ///
    /// # Errors
    /// [`GitError::BadRoot`] when a root is relative, one lies in the other, or others may write to the
    /// vaults; [`GitError::Io`] when a root cannot be made.
    pub fn new(mut settings: GitSettings) -> Result<Git, GitError> {
        settings.worktree_root = root(&settings.worktree_root)?;
        settings.vault_root = root(&settings.vault_root)?;
        let (work, vault) = (&settings.worktree_root, &settings.vault_root);
        if work.starts_with(vault) || vault.starts_with(work) {
            return Err(GitError::BadRoot {
                path: work.clone(),
                why: "worktrees and vaults need separate folders",
            });
        }
        // git takes several folders of objects as one text
        if vault.as_os_str().as_bytes().iter().any(|byte| matches!(byte, b':' | b'"' | b'\n')) {
            return Err(GitError::BadRoot {
                path: vault.clone(),
                why: "its path has a colon, a quote or a line end",
            });
        }
        let mode = fs::metadata(vault).map_err(GitError::io("read", vault))?.permissions().mode();
        if mode & 0o022 != 0 {
            return Err(GitError::BadRoot { path: vault.clone(), why: "others may write to it" });
        }
        for inner in ["locks", "places"] {
            root(&vault.join(inner))?;
        }
        Ok(Self { settings, left: Left::default() })
    }

    /// The settings, with the roots as absolute paths without links.
    #[must_use]
    pub fn settings(&self) -> &GitSettings {
        &self.settings
    }

    /// What was left to itself.
    pub(super) fn left(&self) -> &Left {
        &self.left
    }
}

fn root(path: &Path) -> Result<PathBuf, GitError> {
    if !path.is_absolute() {
        return Err(GitError::BadRoot { path: path.into(), why: "it is not an absolute path" });
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(GitError::io("create", path))?;
    fs::canonicalize(path).map_err(GitError::io("read", path))
}
