//! What the files of a new worktree do not show: submodules are empty folders, and what LFS keeps elsewhere is a pointer
//! of a few lines. The server fetches neither.

use std::path::PathBuf;

use git2::{Index, IndexEntry};

use crate::domain::remote::RemoteUrl;

use super::cell::GITLINK;
use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::settings::Git;
use super::vault::Vault;

/// What is not in a worktree though its commit speaks of it. Paths are those in the repository, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Folders of submodules, which are empty.
    EmptySubmodules(Vec<String>),
    /// Files whose content LFS has.
    LfsPointers(Vec<String>),
}

impl Git {
    /// What is not in the worktree of an attempt as it was made, whatever was done there since; nothing when it was not
    /// made by this server.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub async fn notices(&self, url: &RemoteUrl, place: &Place) -> Result<Vec<Notice>, GitError> {
        let (index, vault) = (self.index_path(place), self.vault_of(url));
        blocking("look for submodules and pointers", move || look(index, vault)).await
    }
}

fn look(index: PathBuf, vault: PathBuf) -> Result<Vec<Notice>, GitError> {
    let Ok(index) = Index::open(&index) else { return Ok(Vec::new()) };
    let vault = Vault::open(&vault)?;
    let bytes = |entry: &IndexEntry, most: usize| {
        let odb = vault.repo.odb().ok();
        let small = odb.and_then(|odb| odb.read_header(entry.id).ok()).is_some_and(|(size, _)| size <= most);
        let blob = if small { vault.repo.find_blob(entry.id).ok() } else { None };
        blob.map(|blob| blob.content().to_vec()).unwrap_or_default()
    };
    let (mut submodules, mut small, mut has_lfs) = (Vec::new(), Vec::new(), false);
    for entry in index.iter() {
        if entry.mode == GITLINK {
            submodules.push(entry);
        } else if entry.path.ends_with(b".gitattributes") {
            has_lfs |= bytes(&entry, ATTRIBUTES_MAX).windows(FILTER.len()).any(|part| part == FILTER);
        } else if usize::try_from(entry.file_size).is_ok_and(|size| size <= POINTER_MAX) {
            small.push(entry);
        }
    }
    small.retain(|entry| has_lfs && bytes(entry, POINTER_MAX).starts_with(POINTER));
    let paths = |entries: &[IndexEntry]| {
        entries.iter().map(|entry| String::from_utf8_lossy(&entry.path).into_owned()).collect::<Vec<_>>()
    };
    let all = [Notice::EmptySubmodules(paths(&submodules)), Notice::LfsPointers(paths(&small))].into_iter();
    Ok(all.filter(|notice| !notice.paths().is_empty()).collect())
}

impl Notice {
    /// The paths that it is about.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        match self {
            Self::EmptySubmodules(paths) | Self::LfsPointers(paths) => paths,
        }
    }
}

/// What has LFS take part in a file.
pub(super) const FILTER: &[u8] = b"filter=lfs";
/// How a pointer begins.
pub(super) const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";
/// A pointer is shorter than that.
pub(super) const POINTER_MAX: usize = 1024;
/// Rules of more bytes nobody wrote by hand.
pub(super) const ATTRIBUTES_MAX: usize = 1024 * 1024;
