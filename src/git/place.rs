//! Where attempts work: the folder of an attempt, and its refs in the vault.

use std::path::PathBuf;

use crate::domain::id::JobId;

use super::settings::Git;

/// An attempt as a place of work. Each attempt has a folder of its own, so that a process that
/// outlived its attempt never writes into its successor's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The job.
    pub job: JobId,
    /// The number of the attempt.
    pub attempt: u32,
}

impl Place {
    /// The name of the folder: `<job>-a<attempt>`.
    #[must_use]
    pub fn folder(&self) -> String {
        format!("{}-a{}", self.job, self.attempt)
    }

    /// The place that a folder's name stands for.
    #[must_use]
    pub fn parse(folder: &str) -> Option<Self> {
        let (job, attempt) = folder.rsplit_once("-a")?;
        let place = Self { job: JobId::new(job).ok()?, attempt: attempt.parse().ok()? };
        (place.folder() == folder).then_some(place)
    }

    /// The ref in the vault that keeps the attempt's commit.
    #[must_use]
    pub fn job_ref(&self) -> String {
        format!("refs/jobs/{}/{}", self.job, self.attempt)
    }

    /// The ref in the vault that keeps what the attempt would have lost.
    #[must_use]
    pub fn salvage_ref(&self) -> String {
        format!("refs/salvage/{}/{}", self.job, self.attempt)
    }

    /// The refs in the vault that name what may be sent of it, each by the commit of which it is a part.
    #[must_use]
    pub(super) fn outgoing_refs(&self) -> String {
        format!("refs/outgoing/{}/{}/", self.job, self.attempt)
    }
}

impl Git {
    /// The folder of the attempt.
    #[must_use]
    pub fn path_of(&self, place: &Place) -> PathBuf {
        self.settings().worktree_root.join(place.folder())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_spelling_is_a_place() {
        let place = Place { job: JobId::new("0199-a2").unwrap(), attempt: 3 };
        assert_eq!(place.folder(), "0199-a2-a3");
        assert_eq!(Place::parse("0199-a2-a3"), Some(place));
        for bad in
            ["", "x", "x-a", "x-a01", "x-a-1", "x-a+1", "-a1", "X-a1", "../x-a1", "x-a1 ", "x-a99999999999"]
        {
            assert_eq!(Place::parse(bad), None, "{bad:?}");
        }
    }
}
