//! A vault, open for the library.

use std::path::{Path, PathBuf};

use git2::{Oid, Repository};

use crate::domain::commit::CommitId;
use crate::git::error::{ErrorClass, GitError};

/// An open vault.
pub(in crate::git) struct Vault {
    /// Its objects and refs.
    pub repo: Repository,
    /// Its folder.
    pub path: PathBuf,
}

impl Vault {
    pub(in crate::git) fn open(path: &Path) -> Result<Self, GitError> {
        let repo = Repository::open_bare(path).map_err(GitError::library("open the vault"))?;
        Ok(Self { repo, path: path.into() })
    }

    /// The commit under that id.
    pub(in crate::git) fn commit(&self, id: &CommitId) -> Result<Oid, GitError> {
        let missing = |_| GitError::NotInVault { commit: id.to_string() };
        let oid = Oid::from_str(id.as_str()).map_err(missing)?;
        self.repo.find_commit(oid).map(|commit| commit.id()).map_err(missing)
    }

    /// Whether it has the commit.
    pub(in crate::git) fn has(&self, oid: Oid) -> bool {
        self.repo.find_commit(oid).is_ok()
    }

    /// What a file of at most so many bytes has.
    pub(in crate::git) fn content(&self, id: Oid, most: usize) -> Option<Vec<u8>> {
        let (size, _) = self.repo.odb().ok()?.read_header(id).ok()?;
        if size > most {
            return None;
        }
        self.repo.find_blob(id).ok().map(|blob| blob.content().to_vec())
    }
}

/// A commit's id as the core knows it.
pub(in crate::git) fn commit_id(oid: Oid) -> Result<CommitId, GitError> {
    CommitId::new(oid.to_string()).map_err(|_| GitError::Library {
        what: "read a commit id",
        class: ErrorClass::Unknown,
        text: "it has not 40 digits".into(),
    })
}
