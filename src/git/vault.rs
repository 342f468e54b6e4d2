//! The vault of a remote: a bare repository that only the server writes. Everything that has
//! credentials, and everything that is believed, happens there.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use git2::{Oid, Repository};

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::command::{GitCommand, Limit, Reach};
use super::erase::erase;
use super::error::{ErrorClass, GitError};
use super::lock::{Lock, blocking};
use super::naming::file_name;
use super::redact::redact;
use super::settings::Git;
use super::stale::break_locks;

/// What the remote says of its default branch and of one other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tips {
    /// The default branch, without `refs/heads/`.
    pub default: Option<String>,
    /// The tip of the branch that was asked for.
    pub branch: Option<CommitId>,
}

impl Git {
    /// The vault of the remote, made on first use, and its lock.
    pub(super) async fn vault(&self, url: &RemoteUrl) -> Result<(PathBuf, Lock), GitError> {
        let path = self.settings().vault_root.join(format!("{}.git", file_name(url.as_str())));
        let lock = self.lock(&path).await?;
        // written last, so that a vault whose making was interrupted is made again
        let mark = path.join("remote");
        match fs::read_to_string(&mark) {
            Ok(text) if text == url.as_str() => return Ok((path, lock)),
            Ok(_) => return Err(GitError::VaultTaken { path }),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(GitError::Io { what: "read", path: mark, source }),
        }
        // nothing in it is believed yet, and a killed git leaves locks that stop the next one
        let begun = path.clone();
        blocking("clear a half-made vault", move || erase(&begun)).await?;
        let args = ["--quiet", "--bare", "--template=", "--object-format=sha1", "--initial-branch=main"];
        self.must(GitCommand::new("init", &path).limit(Limit::Short).args(args)).await?;
        let new = path.join("remote.new");
        fs::write(&new, url.as_str()).map_err(GitError::io("write", &new))?;
        fs::rename(&new, &mark).map_err(GitError::io("write", mark))?;
        Ok((path, lock))
    }

    /// Brings the branches of the remote into its vault, as `refs/remotes/origin/*`.
    pub(super) async fn refresh(&self, url: &RemoteUrl) -> Result<PathBuf, GitError> {
        let (path, _lock) = self.vault(url).await?;
        let call = GitCommand::new("fetch", &path).reach(Reach::Remote(url)).args(FETCH);
        let call = call.args(["--prune", "--", url.as_str(), "+refs/heads/*:refs/remotes/origin/*"]);
        self.fetch(call).await?;
        Ok(path)
    }

    /// Fetches into a vault whose lock the caller holds; locks that a killed git left there do not stop it.
    pub(super) async fn fetch(&self, call: GitCommand<'_>) -> Result<(), GitError> {
        match self.must(call.clone()).await {
            Err(error) if error.class() == ErrorClass::Busy => {
                let vault = call.git_dir().to_owned();
                if !blocking("break locks", move || break_locks(&vault, "refs")).await? {
                    return Err(error);
                }
                self.must(call).await.map(drop)
            }
            answer => answer.map(drop),
        }
    }

    /// Asks the remote for its default branch and the tip of `branch`.
    pub(super) async fn tips(
        &self,
        vault: &Path,
        url: &RemoteUrl,
        branch: &BranchName,
    ) -> Result<Tips, GitError> {
        let call = GitCommand::new("ls-remote", vault).reach(Reach::Remote(url));
        let call = call.args(["--symref", "--", url.as_str(), "HEAD", &branch.full()]);
        parse_tips(&self.must(call).await?, branch)
    }
}

/// How objects are fetched into a vault: nothing but what the refspec names.
pub(super) const FETCH: &[&str] =
    &["--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head"];

fn parse_tips(stdout: &[u8], branch: &BranchName) -> Result<Tips, GitError> {
    let text = String::from_utf8_lossy(stdout);
    let mut tips = Tips::default();
    for line in text.lines() {
        let bad = || GitError::Answer { what: "ls-remote", text: redact(line).chars().take(200).collect() };
        let (value, name) = line.split_once('\t').ok_or_else(bad)?;
        if let Some(target) = value.strip_prefix("ref: ") {
            if name == "HEAD" {
                tips.default = target.strip_prefix("refs/heads/").map(str::to_owned);
            }
        } else if name == branch.full() {
            tips.branch = Some(CommitId::new(value).map_err(|_| bad())?);
        }
    }
    Ok(tips)
}

/// Opens a vault for reading.
pub(super) fn open(path: &Path) -> Result<Repository, GitError> {
    Repository::open_bare(path).map_err(GitError::library("open the vault"))
}

/// The commit under that id in the vault.
pub(super) fn commit(repo: &Repository, id: &CommitId) -> Result<Oid, GitError> {
    let missing = |_| GitError::NotInVault { commit: id.to_string() };
    let oid = Oid::from_str(id.as_str()).map_err(missing)?;
    repo.find_commit(oid).map(|commit| commit.id()).map_err(missing)
}

/// A commit's id as the core knows it.
pub(super) fn commit_id(oid: Oid) -> Result<CommitId, GitError> {
    CommitId::new(oid.to_string()).map_err(|_| GitError::Library {
        what: "read a commit id",
        class: super::error::ErrorClass::Unknown,
        text: "it has not 40 digits".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tips_are_read_by_their_whole_name() {
        let branch = BranchName::new("feat/x").unwrap();
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let text = format!(
            "ref: refs/heads/trunk\tHEAD\n{a}\tHEAD\nref: refs/heads/no\trefs/remotes/origin/HEAD\n\
             {a}\trefs/heads/feat/x/refs/heads/feat/y\n{b}\trefs/heads/feat/x\n"
        );
        let tips = parse_tips(text.as_bytes(), &branch).unwrap();
        assert_eq!(tips, Tips { default: Some("trunk".into()), branch: CommitId::new(b).ok() });
        assert_eq!(parse_tips(b"", &branch).unwrap(), Tips::default());
        for bad in ["x", "zz\trefs/heads/feat/x", "no tab"] {
            assert!(parse_tips(bad.as_bytes(), &branch).is_err());
        }
    }
}
