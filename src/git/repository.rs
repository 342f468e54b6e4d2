//! A clone and what it knows of its worktrees, read from its own folder and never from a worktree:
//! a worktree's `.git` file is the agent's to write.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Oid, Repository, RepositoryOpenFlags};

use super::error::GitError;
use super::pipes;
use super::stale::despite_locks;
use crate::domain::remote::RemoteUrl;

/// Whether the folder is the top of a clone with a work tree.
#[must_use]
pub fn is_clone(path: &Path) -> bool {
    pipes::in_repository(&path.join(".git")).is_empty() && open(path).is_ok_and(|repo| !repo.is_bare())
}

/// Whether the folder is a clone whose `origin` is the repository at that address, however it is spelled.
#[must_use]
pub fn is_clone_of(path: &Path, url: &RemoteUrl) -> bool {
    let origin = || Some(open(path).ok()?.find_remote("origin").ok()?.url().ok()?.to_owned());
    is_clone(path)
        && origin().is_some_and(|text| {
            RemoteUrl::new(text).is_ok_and(|origin| origin.repository() == url.repository())
        })
}

/// An open clone.
pub(super) struct Home {
    /// The repository, opened at its common folder.
    pub repo: Repository,
    /// The folder that all its worktrees share.
    pub common: PathBuf,
}

/// What the clone knows of one of its worktrees.
#[derive(Debug, Clone)]
pub(super) struct Admin {
    /// The folder of these facts, `<common>/worktrees/<name>`.
    pub dir: PathBuf,
    /// The work folder, as the clone has it written down.
    pub folder: PathBuf,
    /// Where it stands.
    pub head: Head,
    /// Why it is locked.
    pub locked: Option<String>,
}

/// Where a worktree stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Head {
    /// On a branch, by its full ref.
    On(String),
    /// On a commit.
    At(Oid),
    /// Its HEAD cannot be read.
    Unreadable,
}

impl Home {
    pub(super) fn open(clone: &Path) -> Result<Self, GitError> {
        pipes::none(pipes::in_repository(&clone.join(".git")))?;
        let at = open(clone).map_err(|error| match error.code() {
            ErrorCode::NotFound => GitError::NotAClone { path: clone.into() },
            _ => GitError::library("open the clone")(error),
        })?;
        let common = fs::canonicalize(at.commondir()).map_err(GitError::io("read", at.commondir()))?;
        let repo = Repository::open(&common).map_err(GitError::library("open the clone"))?;
        Ok(Self { repo, common })
    }

    /// The linked worktrees; folders that are none are passed over.
    pub(super) fn admins(&self) -> Vec<Admin> {
        let Ok(entries) = fs::read_dir(self.common.join("worktrees")) else { return Vec::new() };
        let mut dirs: Vec<_> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .map(|entry| entry.path())
            .collect();
        dirs.sort();
        dirs.into_iter().map(Admin::read).collect()
    }

    /// The facts about the worktree in that folder. A kill can leave facts that name no folder; then
    /// they have the folder's name.
    pub(super) fn admins_of(&self, folder: &Path) -> Vec<Admin> {
        let nameless = |admin: &Admin| {
            admin.folder.as_os_str().is_empty() && admin.dir.file_name() == folder.file_name()
        };
        self.admins().into_iter().filter(|admin| admin.folder == folder || nameless(admin)).collect()
    }

    /// Where the main work folder stands.
    pub(super) fn main_head(&self) -> Head {
        Head::read(&self.common)
    }

    /// Whether the main work folder is on the branch, also in the middle of a rebase of it.
    pub(super) fn main_holds(&self, full: &str) -> bool {
        self.main_head() == Head::On(full.to_owned()) || rebases(&self.common, full)
    }

    /// The commit of a HEAD; none when it cannot be read or has no commit yet.
    pub(super) fn commit_of(&self, head: &Head) -> Option<Oid> {
        let oid = match head {
            Head::On(name) => self.repo.refname_to_id(name).ok()?,
            Head::At(oid) => *oid,
            Head::Unreadable => return None,
        };
        self.repo.find_commit(oid).ok().map(|commit| commit.id())
    }

    /// Whether every commit behind `tip` is behind a remote ref or one of `others` too.
    pub(super) fn is_kept(&self, tip: Oid, others: &[Oid]) -> Result<bool, GitError> {
        let fail = GitError::library("walk the history");
        let mut walk = self.repo.revwalk().map_err(&fail)?;
        walk.push(tip).map_err(&fail)?;
        walk.hide_glob("refs/remotes/*").map_err(&fail)?;
        for other in others {
            walk.hide(*other).map_err(&fail)?;
        }
        match walk.next() {
            None => Ok(true),
            Some(Ok(_)) => Ok(false),
            Some(Err(error)) => Err(fail(error)),
        }
    }

    /// The commit under a ref; none without the ref.
    pub(super) fn tip(&self, name: &str) -> Result<Option<Oid>, GitError> {
        match self.repo.refname_to_id(name) {
            Ok(oid) => Ok(Some(oid)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(GitError::library("read a ref")(error)),
        }
    }

    /// Points a ref at a commit.
    pub(super) fn set(&self, name: &str, to: Oid, why: &str) -> Result<(), GitError> {
        despite_locks(&self.common, name, || {
            self.repo.reference(name, to, true, why).map(drop).map_err(GitError::library("write a ref"))
        })
    }

    /// Deletes a ref if it still points at `at`.
    pub(super) fn delete(&self, name: &str, at: Oid) -> Result<bool, GitError> {
        despite_locks(&self.common, name, || self.delete_once(name, at))
    }

    fn delete_once(&self, name: &str, at: Oid) -> Result<bool, GitError> {
        match self.repo.find_reference(name) {
            Ok(mut found) if found.target() == Some(at) => {
                found.delete().map(|()| true).map_err(GitError::library("delete a ref"))
            }
            Ok(_) => Ok(false),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(false),
            Err(error) => Err(GitError::library("read a ref")(error)),
        }
    }
}

impl Admin {
    fn read(dir: PathBuf) -> Self {
        let gitdir = small_file(&dir.join("gitdir")).unwrap_or_default();
        let folder = Path::new(gitdir.trim_end()).parent().map(Path::to_path_buf).unwrap_or_default();
        let locked = small_file(&dir.join("locked")).map(|text| text.trim().to_owned());
        Self { head: Head::read(&dir), folder, locked, dir }
    }

    /// Whether it is on the branch, also in the middle of a rebase of it.
    pub(super) fn holds(&self, full: &str) -> bool {
        self.head == Head::On(full.to_owned()) || rebases(&self.dir, full)
    }

    /// Whether its folder is gone for good: what git's own prune would forget.
    pub(super) fn is_gone(&self) -> bool {
        self.locked.is_none()
            && fs::symlink_metadata(&self.folder).is_err_and(|e| e.kind() == ErrorKind::NotFound)
    }

    /// Whether its making never came to an end.
    pub(super) fn is_half_made(&self) -> bool {
        self.locked.as_deref() == Some(INITIALIZING) || self.folder.as_os_str().is_empty()
    }
}

impl Head {
    fn read(dir: &Path) -> Self {
        let text = small_file(&dir.join("HEAD")).unwrap_or_default();
        let text = text.trim_end();
        match (text.strip_prefix("ref: "), Oid::from_str(text)) {
            (Some(name), _) => Self::On(name.to_owned()),
            (None, Ok(oid)) if text.len() == 40 => Self::At(oid),
            _ => Self::Unreadable,
        }
    }
}

fn rebases(dir: &Path, full: &str) -> bool {
    ["rebase-merge/head-name", "rebase-apply/head-name"]
        .iter()
        .any(|file| small_file(&dir.join(file)).is_some_and(|text| text.trim_end() == full))
}

/// What git writes into `locked` while it makes a worktree, and we until we have filled it.
pub(super) const INITIALIZING: &str = "initializing";

/// The text of a regular file of at most 4 KiB; neither links nor pipes are opened.
pub(super) fn small_file(path: &Path) -> Option<String> {
    let meta = fs::symlink_metadata(path).ok()?;
    (meta.is_file() && meta.len() <= 4096).then(|| fs::read_to_string(path).ok()).flatten()
}

fn open(path: &Path) -> Result<Repository, git2::Error> {
    Repository::open_ext(path, RepositoryOpenFlags::NO_SEARCH, std::iter::empty::<&std::ffi::OsStr>())
}
