//! Removes the worktree of an attempt that ended. Runs no program: removing with git would read the
//! config that the agent wrote.

use std::path::Path;

use super::erase::erase;
use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::repository::{Head, Home};
use super::salvage::{Post, Salvaged};
use super::settings::Git;

/// What was removed and kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removed {
    /// Whether there was a folder.
    pub folder: bool,
    /// The local branch that was deleted.
    pub branch: Option<String>,
    /// What was kept of the work.
    pub salvaged: Option<Salvaged>,
}

impl Git {
    /// Salvages, then removes the folder, what the clone knows of it, and its local branch when nothing
    /// is lost with it. Calling it again is fine.
    ///
    /// # Errors
    /// When the work cannot be kept (then nothing is removed) or the folder resists.
    pub async fn remove_worktree(&self, clone: &Path, place: &Place) -> Result<Removed, GitError> {
        let lock = self.lock(clone).await?;
        let post = self.post(clone, place)?;
        let removed = blocking("remove a worktree", move || {
            let _lock = lock;
            post.clear(true)
        })
        .await?;
        self.forget(place)?;
        Ok(removed)
    }
}

impl Post {
    /// Salvages the place and clears it; the branch goes too if that is wanted and loses nothing.
    pub(super) fn clear(&self, with_branch: bool) -> Result<Removed, GitError> {
        let salvaged = self.salvage()?;
        let home = Home::open(&self.clone)?;
        let admins = home.admins_of(&self.folder);
        let folder = erase(&self.folder)?;
        for admin in admins {
            erase(&admin.dir)?;
        }
        let branch = if with_branch { self.drop_branch(&home)? } else { None };
        Ok(Removed { folder, branch, salvaged })
    }

    /// Only the branch that the place was made for is ours to delete, whatever the worktree says it is on.
    fn drop_branch(&self, home: &Home) -> Result<Option<String>, GitError> {
        let Some(branch) = &self.record.branch else { return Ok(None) };
        let name = branch.full();
        let Some(tip) = home.tip(&name)? else { return Ok(None) };
        let on = Head::On(name.clone());
        let used = home.main_head() == on || home.admins().iter().any(|admin| admin.head == on);
        if used || !home.is_kept(tip, &self.known(home, home.tip(&self.reference)?))? {
            return Ok(None);
        }
        Ok(home.delete(&name, tip)?.then(|| branch.to_string()))
    }
}
