//! What the server itself remembers of a place, in a file that agents cannot reach: the branch it was
//! made for, and the commit that was published from it.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;

use super::error::GitError;
use super::place::Place;
use super::settings::Git;

/// The memory of a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Record {
    /// The branch that the worktree was made for.
    pub branch: Option<BranchName>,
    /// The commit that was pushed from it.
    pub published: Option<CommitId>,
}

impl Record {
    fn parse(text: &str) -> Self {
        let value = |key| text.lines().find_map(|line| line.strip_prefix(key));
        Self {
            branch: value("branch ").and_then(|v| BranchName::new(v).ok()),
            published: value("published ").and_then(|v| CommitId::new(v).ok()),
        }
    }

    fn text(&self) -> String {
        let branch = self.branch.iter().map(|b| format!("branch {b}\n"));
        let published = self.published.iter().map(|c| format!("published {c}\n"));
        branch.chain(published).collect()
    }
}

impl Git {
    /// What is remembered; empty when nothing is.
    pub(super) fn recall(&self, place: &Place) -> Result<Record, GitError> {
        let path = self.record_path(place);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Record::parse(&text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Record::default()),
            Err(source) => Err(GitError::Io { what: "read", path, source }),
        }
    }

    pub(super) fn remember(&self, place: &Place, record: &Record) -> Result<(), GitError> {
        let path = self.record_path(place);
        let new = path.with_extension("new");
        fs::write(&new, record.text()).map_err(GitError::io("write", &new))?;
        fs::rename(&new, &path).map_err(GitError::io("write", path))
    }

    pub(super) fn forget(&self, place: &Place) -> Result<(), GitError> {
        let path = self.record_path(place);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(GitError::io("remove", path)(error)),
            _ => Ok(()),
        }
    }

    fn record_path(&self, place: &Place) -> PathBuf {
        self.settings().vault_root.join("places").join(place.folder())
    }
}
