//! Makes vaults, and brings the branches of their remotes into them.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::domain::remote::RemoteUrl;
use crate::git::command::{GitCommand, Limit, Reach};
use crate::git::erase::erase;
use crate::git::error::{ErrorClass, GitError};
use crate::git::lock::{Lock, blocking};
use crate::git::naming::file_name;
use crate::git::settings::Git;
use crate::git::stale::break_locks;

use super::fetched::{INCOMING, Wanted};
use super::flights::Flights;
use super::open::Vault;
use super::{LARGE, UNREADABLE};

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
        let made = path.clone();
        let text = url.to_string();
        blocking("mark a vault", move || {
            let config = made.join("config");
            append(&config, OWN_CONFIG).map_err(GitError::io("write", &config))?;
            let (new, mark) = (made.join("remote.new"), made.join("remote"));
            append(&new, &text).map_err(GitError::io("write", &new))?;
            fs::rename(&new, &mark).map_err(GitError::io("write", mark))
        })
        .await?;
        Ok((path, lock))
    }

    /// The vault of the remote, if this machine has made one.
    pub(in crate::git) fn made_vault(&self, url: &RemoteUrl) -> Result<Option<PathBuf>, GitError> {
        let path = self.vault_of(url);
        let mark = path.join("remote");
        match fs::read_to_string(&mark) {
            Ok(text) if text == url.as_str() => return Ok(Some(path)),
            // it was to be written, and the machine stopped before it was on the disk
            Ok(text) if text.is_empty() => {}
            Ok(_) => return Err(GitError::VaultTaken { path }),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(GitError::Io { what: "read", path: mark, source }),
        }
        if BEYOND_MAKING.iter().any(|name| path.join(name).symlink_metadata().is_ok()) {
            return Err(GitError::Unmarked { path });
        }
        Ok(None)
    }

    /// The folder of the vault of a remote, whether it was made or not. What was salvaged is found there.
    #[must_use]
    pub fn vault_of(&self, url: &RemoteUrl) -> PathBuf {
        self.settings().vault_root.join(format!("{}.git", file_name(url.as_str())))
    }

    /// Brings the branches of the remote into its vault. Whoever waited for somebody else's fetch has its branches, if that
    /// one began after they were asked for.
    pub(in crate::git) async fn refresh(&self, url: &RemoteUrl) -> Result<PathBuf, GitError> {
        let path = self.made(url).await?;
        let flights = Flights::of(&path);
        let asked = flights.last();
        let alone = self.alone(&path).await?;
        if flights.landed() > asked {
            return Ok(path);
        }
        let number = flights.begin()?;
        self.bring_refs(url, &path, BRANCHES, &alone).await?;
        flights.end(number)?;
        Ok(path)
    }

    /// Brings the refs of the remote that the refspec names into its vault; those that are gone there go here.
    pub(in crate::git) async fn fetch(&self, url: &RemoteUrl, refspec: &str) -> Result<PathBuf, GitError> {
        let path = self.made(url).await?;
        let alone = self.alone(&path).await?;
        self.bring_refs(url, &path, refspec, &alone).await?;
        Ok(path)
    }

    async fn made(&self, url: &RemoteUrl) -> Result<PathBuf, GitError> {
        self.vault(url).await.map(|(path, _)| path)
    }

    /// Waits until nobody fetches into the vault, which takes as long as the remote does. It is not the lock of the vault,
    /// so that a slow remote keeps nobody waiting who does not ask it.
    async fn alone(&self, vault: &Path) -> Result<Lock, GitError> {
        self.lock(&vault.join("fetch")).await
    }

    /// Objects come while others work in the vault; then its lock is taken, and the refs are moved.
    async fn bring_refs(
        &self,
        url: &RemoteUrl,
        path: &Path,
        refspec: &str,
        _: &Lock,
    ) -> Result<(), GitError> {
        let wanted = Wanted::parse(refspec)?;
        let incoming = wanted.incoming();
        let call = || {
            let call = GitCommand::new("fetch", path).reach(Reach::Remote(url)).args(FETCH);
            call.args(["--prune", "--", url.as_str(), incoming.as_str()])
        };
        match self.must(call()).await {
            // locks that a killed git left do not stop it
            Err(error) if error.class() == ErrorClass::Busy => {
                let (lock, vault) = (self.lock(path).await?, path.to_owned());
                let broken = blocking("break locks", move || {
                    let _lock = lock;
                    break_locks(&vault, INCOMING)
                });
                if !broken.await? {
                    return Err(error);
                }
                self.must(call()).await?
            }
            answer => answer?,
        };
        let (lock, path) = (self.lock(path).await?, path.to_owned());
        blocking("move refs of the remote", move || {
            let _lock = lock;
            wanted.take(&Vault::open(&path)?)
        })
        .await
    }
}

/// Writes what is there before whatever is done next.
fn append(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::options().create(true).append(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// What a vault has only after it was marked.
const BEYOND_MAKING: [&str; 6] =
    ["packed-refs", "refs/jobs", "refs/remotes", "refs/salvage", LARGE, UNREADABLE];

/// The library reads the settings of the user as well, whom agents work as: rules of theirs would decide here what
/// counts as changed, and what is kept. Those of the repository go before them.
const OWN_CONFIG: &str = "[core]\n\texcludesFile = /dev/null\n\tattributesFile = /dev/null\n\
    \tautocrlf = false\n\tfileMode = true\n\tsymlinks = true\n\tignoreCase = false\n\ttrustctime = true\n";

/// How objects are fetched into a vault: nothing but what the refspec names.
const FETCH: &[&str] =
    &["--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head"];

const BRANCHES: &str = "+refs/heads/*:refs/remotes/origin/*";
