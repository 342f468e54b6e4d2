//! Whether a folder is a person's clone of a repository. Nothing is ever written there.

use std::path::Path;

use git2::{Repository, RepositoryOpenFlags};

use super::pipes;
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

fn open(path: &Path) -> Result<Repository, git2::Error> {
    Repository::open_ext(path, RepositoryOpenFlags::NO_SEARCH, std::iter::empty::<&std::ffi::OsStr>())
}
