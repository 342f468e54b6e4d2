//! Takes an attempt's commit into the vault and reads its diff there.

use std::path::Path;

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::place::Place;
use super::program::Git;

impl Git {
    /// Takes `head` from the clone into the vault of `url`, as `refs/jobs/<job>/<attempt>`.
    ///
    /// # Errors
    /// `Missing` when the clone does not have the commit.
    pub async fn take(
        &self,
        clone: &Path,
        url: &RemoteUrl,
        place: &Place,
        head: &CommitId,
    ) -> Result<(), GitError> {
        let _ = (clone, url, place, head);
        Err(GitError::Lost { what: "take" })
    }

    /// Feeds each line of `git diff -M base...head`, without its line end, to `feed`, and hands back `state`.
    ///
    /// # Errors
    /// [`GitError::NotInVault`] when one of the commits was not taken before.
    pub async fn diff<S: Send + 'static>(
        &self,
        url: &RemoteUrl,
        base: &CommitId,
        head: &CommitId,
        state: S,
        feed: fn(&mut S, &[u8]),
    ) -> Result<S, GitError> {
        let _ = (url, base, head, feed);
        Ok(state)
    }
}
