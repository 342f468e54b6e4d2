//! What the server itself remembers of a place, in files that agents cannot reach: for which branch and from which
//! commit its cell was made, and the commit that was published from it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;

use super::error::GitError;
use super::place::Place;
use super::settings::Git;

/// The memory of a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Record {
    /// The branch that the cell is made for.
    pub branch: Option<BranchName>,
    /// How far the making got.
    pub state: State,
    /// The commit that was pushed from it.
    pub published: Option<CommitId>,
    /// The folder is being erased, after all that was in it was kept: what is missing now is nobody's doing.
    pub is_going: bool,
}

/// How far the making of a cell got.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum State {
    /// Nothing is known of its making: what is there may be anybody's work.
    #[default]
    Unknown,
    /// It was begun and never came to an end, so that nobody was told of the cell and no work is in it.
    Making,
    /// It was made from that commit.
    Made(CommitId),
}

impl Record {
    fn parse(text: &str) -> Self {
        let value = |key| text.lines().find_map(|line| line.strip_prefix(key));
        let made = value("made ").and_then(|v| CommitId::new(v).ok()).map(State::Made);
        let making = text.lines().any(|line| line == "making").then_some(State::Making);
        Self {
            branch: value("branch ").and_then(|v| BranchName::new(v).ok()),
            state: made.or(making).unwrap_or_default(),
            published: value("published ").and_then(|v| CommitId::new(v).ok()),
            is_going: text.lines().any(|line| line == "going"),
        }
    }

    fn text(&self) -> String {
        let branch = self.branch.iter().map(|b| format!("branch {b}\n"));
        let state = match &self.state {
            State::Unknown => None,
            State::Making => Some("making\n".to_owned()),
            State::Made(start) => Some(format!("made {start}\n")),
        };
        let published = self.published.iter().map(|c| format!("published {c}\n"));
        let going = self.is_going.then(|| "going\n".to_owned());
        branch.chain(state).chain(published).chain(going).collect()
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
        durably(&new, &path, &record.text()).map_err(GitError::io("write", path))
    }

    pub(super) fn forget(&self, place: &Place) -> Result<(), GitError> {
        for path in [self.index_path(place), self.record_path(place)] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(GitError::io("remove", path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether anything is left of a place: its folder, or what is remembered of it.
    #[must_use]
    pub fn knows(&self, place: &Place) -> bool {
        [self.path_of(place), self.record_path(place)].iter().any(|path| path.symlink_metadata().is_ok())
    }

    fn record_path(&self, place: &Place) -> PathBuf {
        self.settings().vault_root.join("places").join(place.folder())
    }

    /// The server's own index of the files that it wrote into the cell.
    pub(super) fn index_path(&self, place: &Place) -> PathBuf {
        self.settings().vault_root.join("places").join(format!("{}.index", place.folder()))
    }
}

/// Writes a file that is there after a power cut, whole, before whatever is done next.
pub(super) fn durably(new: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_read_again() {
        let commit = CommitId::new("a".repeat(40)).unwrap();
        for state in [State::Unknown, State::Making, State::Made(commit.clone())] {
            for published in [None, Some(commit.clone())] {
                for is_going in [false, true] {
                    let (branch, state) = (BranchName::new("feat/x").ok(), state.clone());
                    let record = Record { branch, state, published: published.clone(), is_going };
                    assert_eq!(Record::parse(&record.text()), record);
                }
            }
        }
        assert_eq!(Record::parse("made nothing\nmakingly\ngoing on\n"), Record::default());
    }
}
