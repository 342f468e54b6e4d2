//! Numbers of the fetches of a vault, so that whoever waited for one knows whether it has to fetch again itself. They count
//! up between processes; who writes them holds the lock of those who fetch.

use std::fs;
use std::path::{Path, PathBuf};

use crate::git::error::GitError;

/// The two numbers of a vault: of the last fetch of its branches that began, and of the last one that came to its end.
pub(super) struct Flights {
    begun: PathBuf,
    landed: PathBuf,
}

impl Flights {
    pub(super) fn of(vault: &Path) -> Self {
        Self { begun: vault.join("fetch.begun"), landed: vault.join("fetch.landed") }
    }

    /// The last number that is known of; a fetch with a higher one began after this was asked.
    pub(super) fn last(&self) -> u64 {
        number(&self.begun).max(number(&self.landed))
    }

    /// The last one that brought all branches.
    pub(super) fn landed(&self) -> u64 {
        number(&self.landed)
    }

    /// The number of a fetch that begins.
    pub(super) fn begin(&self) -> Result<u64, GitError> {
        let next = self.last().saturating_add(1);
        write(&self.begun, next).map(|()| next)
    }

    /// Notes that all branches are there.
    pub(super) fn end(&self, number: u64) -> Result<(), GitError> {
        write(&self.landed, number)
    }
}

/// What cannot be read counts for nothing: then somebody fetches once more than needed.
fn number(path: &Path) -> u64 {
    fs::read_to_string(path).ok().and_then(|text| text.trim_end().parse().ok()).unwrap_or(0)
}

fn write(path: &Path, number: u64) -> Result<(), GitError> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    fs::write(&new, format!("{number}\n")).map_err(GitError::io("write", &new))?;
    fs::rename(&new, path).map_err(GitError::io("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_counts_for_whoever_asked_before_it_began() {
        let dir = tempfile::tempdir().unwrap();
        let flights = Flights::of(dir.path());
        let early = flights.last();
        let first = flights.begin().unwrap();
        let meanwhile = flights.last();
        flights.end(first).unwrap();
        assert!(flights.landed() > early && flights.landed() <= meanwhile);
        // one that failed counts for nobody
        flights.begin().unwrap();
        assert!(flights.landed() <= meanwhile);
        let third = flights.begin().unwrap();
        flights.end(third).unwrap();
        assert!(flights.landed() > meanwhile);
        // a number that was lost is not given again
        fs::write(dir.path().join("fetch.begun"), "").unwrap();
        assert_eq!(flights.last(), third);
        assert!(flights.begin().unwrap() > third);
    }
}
