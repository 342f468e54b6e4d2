//! Whether a folder is a person's clone of a repository. Nothing is ever written there.

use std::path::Path;
use std::time::Duration;

use git2::{Repository, RepositoryOpenFlags};

use super::error::GitError;
use super::pipes;
use super::settings::Git;
use crate::domain::remote::RemoteUrl;

impl Git {
    /// As [`is_clone`], or [`is_clone_of`] where an address is given, and no longer than ten seconds: the settings of
    /// a clone may lead to a pipe, where the library waits for ever.
    ///
    /// # Errors
    /// [`GitError::Endless`] when the reading did not end, or an earlier one still reads.
    pub async fn has_clone(&self, path: &Path, url: Option<&RemoteUrl>) -> Result<bool, GitError> {
        let (folder, url) = (path.to_owned(), url.cloned());
        let is_one = move || {
            Ok(match url {
                Some(url) => is_clone_of(&folder, &url),
                None => is_clone(&folder),
            })
        };
        self.read_within(self.settings().timeout.min(PATIENCE), "look for a clone", path, is_one).await
    }

    /// Whether the folder is a clone whose `origin` is the address of another repository. One whose origin names no
    /// host, as a path or a short form, is none: it may be spelled in more ways than one.
    ///
    /// # Errors
    /// As [`has_clone`](Self::has_clone).
    pub async fn is_clone_of_another(&self, path: &Path, url: &RemoteUrl) -> Result<bool, GitError> {
        let (folder, key) = (path.to_owned(), url.key());
        let is_one = move || {
            let named = if is_clone(&folder) { origin(&folder) } else { None };
            Ok(named.is_some_and(|named| named.host().is_some() && named.key() != key))
        };
        self.read_within(self.settings().timeout.min(PATIENCE), "look for a clone", path, is_one).await
    }
}

/// Reading a few small files takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the folder is the top of a clone with a work tree. It may wait for ever where the settings lead to a pipe.
#[must_use]
pub fn is_clone(path: &Path) -> bool {
    pipes::in_repository(&path.join(".git")).is_empty() && open(path).is_ok_and(|repo| !repo.is_bare())
}

/// Whether the folder is a clone whose `origin` is the repository at that address, however it is spelled. It may wait as
/// [`is_clone`] may.
#[must_use]
pub fn is_clone_of(path: &Path, url: &RemoteUrl) -> bool {
    is_clone(path) && origin(path).is_some_and(|origin| origin.repository() == url.repository())
}

/// What a clone was made of, if that is an address.
fn origin(path: &Path) -> Option<RemoteUrl> {
    let text = open(path).ok()?.find_remote("origin").ok()?.url().ok()?.to_owned();
    RemoteUrl::new(text).ok()
}

fn open(path: &Path) -> Result<Repository, git2::Error> {
    Repository::open_ext(path, RepositoryOpenFlags::NO_SEARCH, std::iter::empty::<&std::ffi::OsStr>())
}
