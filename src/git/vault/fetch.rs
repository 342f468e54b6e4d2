//! Makes vaults, and brings the branches of their remotes into them.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::domain::remote::RemoteUrl;
use crate::git::command::{GitCommand, Limit, Reach};
use crate::git::erase::erase;
use crate::git::error::{ErrorClass, GitError};
use crate::git::lock::{Lock, blocking};
use crate::git::naming::file_name;
use crate::git::settings::Git;
use crate::git::stale::break_locks;

impl Git {
    /// The vault of the remote, made on first use, and its lock.
    pub(in crate::git) async fn vault(&self, url: &RemoteUrl) -> Result<(PathBuf, Lock), GitError> {
        let path = self.vault_of(url);
        let lock = self.lock(&path).await?;
        // its mark is written last, so that a vault whose making was interrupted is made again
        if self.made_vault(url)?.is_some() {
            return Ok((path, lock));
        }
        // nothing in it is believed yet, and a killed git leaves locks that stop the next one
        let begun = path.clone();
        blocking("clear a half-made vault", move || erase(&begun)).await?;
        let args = ["--quiet", "--bare", "--template=", "--object-format=sha1", "--initial-branch=main"];
        self.must(GitCommand::new("init", &path).limit(Limit::Short).args(args)).await?;
        let new = path.join("remote.new");
        fs::write(&new, url.as_str()).map_err(GitError::io("write", &new))?;
        let mark = path.join("remote");
        fs::rename(&new, &mark).map_err(GitError::io("write", mark))?;
        Ok((path, lock))
    }

    /// The vault of the remote, if this machine has made one.
    pub(in crate::git) fn made_vault(&self, url: &RemoteUrl) -> Result<Option<PathBuf>, GitError> {
        let path = self.vault_of(url);
        let mark = path.join("remote");
        match fs::read_to_string(&mark) {
            Ok(text) if text == url.as_str() => Ok(Some(path)),
            Ok(_) => Err(GitError::VaultTaken { path }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(GitError::Io { what: "read", path: mark, source }),
        }
    }

    /// The folder of the vault of a remote, whether it was made or not. What was salvaged is found there.
    #[must_use]
    pub fn vault_of(&self, url: &RemoteUrl) -> PathBuf {
        self.settings().vault_root.join(format!("{}.git", file_name(url.as_str())))
    }

    /// Brings the branches of the remote into its vault.
    pub(in crate::git) async fn refresh(&self, url: &RemoteUrl) -> Result<PathBuf, GitError> {
        self.fetch(url, "+refs/heads/*:refs/remotes/origin/*").await
    }

    /// Brings the refs of the remote that the refspec names into its vault; those that are gone there go here.
    pub(in crate::git) async fn fetch(&self, url: &RemoteUrl, refspec: &str) -> Result<PathBuf, GitError> {
        let (path, _lock) = self.vault(url).await?;
        let call = || {
            let call = GitCommand::new("fetch", &path).reach(Reach::Remote(url)).args(FETCH);
            call.args(["--prune", "--", url.as_str(), refspec])
        };
        match self.must(call()).await {
            // locks that a killed git left do not stop it
            Err(error) if error.class() == ErrorClass::Busy => {
                let vault = path.clone();
                if !blocking("break locks", move || break_locks(&vault, "refs")).await? {
                    return Err(error);
                }
                self.must(call()).await?
            }
            answer => answer?,
        };
        Ok(path)
    }
}

/// How objects are fetched into a vault: nothing but what the refspec names.
const FETCH: &[&str] =
    &["--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head"];
