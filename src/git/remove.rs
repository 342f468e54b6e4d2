//! Removes the cell of an attempt that ended. Runs no program in it.

use crate::domain::remote::RemoteUrl;

use super::erase::erase;
use super::error::GitError;
use super::lock::{Lock, blocking};
use super::place::Place;
use super::record::Record;
use super::salvage::Salvaged;
use super::settings::Git;

/// What was removed and kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removed {
    /// Whether there was a folder.
    pub folder: bool,
    /// What was kept of the work.
    pub salvaged: Option<Salvaged>,
}

impl Git {
    /// Salvages, then removes the folder with all that is in it. Calling it again is fine.
    ///
    /// # Errors
    /// When the work cannot be kept (then nothing is removed) or the folder resists.
    pub async fn remove_worktree(&self, url: &RemoteUrl, place: &Place) -> Result<Removed, GitError> {
        let held = self.hold(place).await?;
        let folder = self.path_of(place).symlink_metadata().is_ok();
        let salvaged = self.clear(url, place, &held).await?;
        self.forget(place)?;
        Ok(Removed { folder, salvaged })
    }

    /// Salvages a place that the caller holds, and erases its folder.
    pub(super) async fn clear(
        &self,
        url: &RemoteUrl,
        place: &Place,
        held: &Lock,
    ) -> Result<Option<Salvaged>, GitError> {
        let salvaged = self.salvage_held(url, place, held).await?;
        if self.knows(place) {
            // whoever is killed now leaves half a folder
            self.remember(place, &Record { is_going: true, ..self.recall(place)? })?;
        }
        let (folder, held) = (self.path_of(place), held.clone());
        blocking("remove a worktree", move || {
            let _held = held;
            erase(&folder)
        })
        .await?;
        Ok(salvaged)
    }
}
