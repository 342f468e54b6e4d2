//! Whose worktrees stand in the way of a new one.

use std::path::Path;

use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::program::Git;
use super::repository::{Home, is_clone};
use crate::domain::branch::BranchName;

impl Git {
    /// The places that the making of a worktree would clear: its own, if something is there, and ours that have its branch.
    /// Of a folder that is no clone there are none; the making says so.
    ///
    /// # Errors
    /// When the clone cannot be read.
    pub async fn in_the_way(
        &self,
        clone: &Path,
        place: &Place,
        branch: &BranchName,
    ) -> Result<Vec<Place>, GitError> {
        let (git, clone, own, full) = (self.clone(), clone.to_owned(), place.clone(), branch.full());
        blocking("look for worktrees", move || {
            if !is_clone(&clone) {
                return Ok(Vec::new());
            }
            let home = Home::open(&clone)?;
            let holders = home.admins().into_iter().filter(|admin| admin.holds(&full));
            let mut places: Vec<Place> = holders.filter_map(|admin| git.place_at(&admin.folder)).collect();
            let path = git.path_of(&own);
            if !places.contains(&own) && (path.exists() || !home.admins_of(&path).is_empty()) {
                places.push(own);
            }
            Ok(places)
        })
        .await
    }

    /// The place whose folder this is, if it is one of ours.
    pub(super) fn place_at(&self, folder: &Path) -> Option<Place> {
        let place = Place::parse(folder.file_name()?.to_str()?)?;
        (self.path_of(&place) == folder).then_some(place)
    }
}
