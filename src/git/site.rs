//! Prepares the ground for a worktree: brings the objects, clears what dead attempts and killed
//! commands left, and gets the branch free. Everything that could hold work is salvaged first.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use git2::Oid;

use crate::domain::branch::BranchName;
use crate::domain::remote::RemoteUrl;

use super::erase::erase;
use super::error::GitError;
use super::keep_tip::left_over;
use super::lend::lend;
use super::lock::Lock;
use super::look::dirty;
use super::place::Place;
use super::program::Git;
use super::record::Record;
use super::repository::{Head, Home, is_clone};
use super::salvage::Salvaged;
use super::stale::despite_locks;
use super::tie::tied;
use super::{torn, vault};

/// A worktree to be made, with the clone locked for us.
pub(super) struct Site {
    pub git: Git,
    pub vault: PathBuf,
    pub default: String,
    pub url: RemoteUrl,
    pub clone: PathBuf,
    pub place: Place,
    pub branch: BranchName,
    pub _lock: Lock,
}

/// What was found while preparing.
pub(super) struct Ready {
    pub path: PathBuf,
    pub common: PathBuf,
    pub start: Oid,
    pub published: Option<Oid>,
    pub had_branch: bool,
    pub reused: bool,
    /// What was kept of attempts whose worktrees were cleared away.
    pub salvaged: Vec<(Place, Salvaged)>,
}

impl Site {
    pub(super) fn prepare(&self) -> Result<Ready, GitError> {
        if !is_clone(&self.clone) {
            return Err(GitError::NotAClone { path: self.clone.clone() });
        }
        let home = Home::open(&self.clone)?;
        let (start, published) = self.bring(&home)?;
        let path = self.git.path_of(&self.place);
        let common = home.common.clone();
        let reused = self.is_made(&path, start)?;
        if reused {
            self.remember()?;
            return Ok(Ready {
                path,
                common,
                start,
                published,
                had_branch: true,
                reused,
                salvaged: Vec::new(),
            });
        }
        let mut salvaged = Vec::new();
        self.clear(&self.place, &mut salvaged)?;
        torn::clear(&common)?;
        self.free_branch(&home, &mut salvaged)?;
        let had_branch = self.keep_branch(&home, start)?;
        self.remember()?;
        Ok(Ready { path, common, start, published, had_branch, reused, salvaged })
    }

    fn clear(&self, place: &Place, salvaged: &mut Vec<(Place, Salvaged)>) -> Result<(), GitError> {
        let kept = self.git.post(&self.clone, place)?.clear(false)?.salvaged;
        salvaged.extend(kept.map(|kept| (place.clone(), kept)));
        Ok(())
    }

    /// Clears what a failed making left, so that a later attempt finds nothing of it.
    pub(super) fn undo(&self, ready: &Ready) {
        let cleared =
            self.git.post(&self.clone, &self.place).and_then(|post| post.clear(false)).and_then(|_| {
                let home = Home::open(&self.clone)?;
                if !ready.had_branch {
                    home.delete(&self.branch.full(), ready.start)?;
                }
                self.git.forget(&self.place)
            });
        // the error that led here is the one to report; the next attempt clears again
        if let Err(error) = cleared {
            tracing::warn!(path = %ready.path.display(), %error, "could not clear a half-made worktree");
        }
    }

    /// Where to start, read in the vault, with its objects in the clone.
    fn bring(&self, home: &Home) -> Result<(Oid, Option<Oid>), GitError> {
        let vault = vault::open(&self.vault)?;
        let tip = |branch: &str| vault.refname_to_id(&format!("refs/remotes/origin/{branch}")).ok();
        let published = tip(self.branch.as_str());
        let none = || GitError::NoDefaultBranch { url: self.url.to_string() };
        let start = published.or_else(|| tip(&self.default)).ok_or_else(none)?;
        despite_locks(&home.common, "refs/remotes/origin", || lend(&vault, &home.repo))?;
        Ok((start, published))
    }

    /// Whether an earlier call for this place got to its end and nobody worked there since.
    fn is_made(&self, path: &Path, start: Oid) -> Result<bool, GitError> {
        let home = Home::open(&self.clone)?;
        let Ok(admin) = tied(&home, path) else { return Ok(false) };
        if admin.is_half_made() || admin.head != Head::On(self.branch.full()) {
            return Ok(false);
        }
        Ok(home.commit_of(&admin.head) == Some(start)
            && dirty(home, path, &admin.dir.join("index"), start).is_ok_and(|paths| paths.is_empty()))
    }

    /// Takes the branch away from attempts that ended; never from a folder that is not ours.
    fn free_branch(&self, home: &Home, salvaged: &mut Vec<(Place, Salvaged)>) -> Result<(), GitError> {
        let full = self.branch.full();
        let occupied =
            |path: &Path| GitError::BranchOccupied { branch: self.branch.to_string(), path: path.into() };
        if home.main_holds(&full) {
            return Err(occupied(&self.clone));
        }
        for admin in home.admins().into_iter().filter(|admin| admin.holds(&full)) {
            if let Some(place) = self.git.place_at(&admin.folder) {
                self.clear(&place, salvaged)?;
            } else if admin.is_gone() {
                erase(&admin.dir)?;
            } else {
                return Err(occupied(&admin.folder));
            }
        }
        self.unlock_branch(home, &full)
    }

    /// A git that was killed leaves the lock of the branch behind. Every attempt on it has ended and the
    /// clone is ours, so a lock that outlives what a live git needs (microseconds) is such a one.
    fn unlock_branch(&self, home: &Home, full: &str) -> Result<(), GitError> {
        let lock = home.common.join(format!("{full}.lock"));
        let made = || fs::symlink_metadata(&lock).and_then(|meta| meta.modified()).ok();
        let Some(first) = made() else { return Ok(()) };
        thread::sleep(Duration::from_millis(100));
        if made() == Some(first) {
            tracing::warn!(lock = %lock.display(), "removed the lock that a killed git left");
            erase(&lock)?;
        }
        Ok(())
    }

    fn remember(&self) -> Result<(), GitError> {
        let record = Record { branch: Some(self.branch.clone()), ..self.git.recall(&self.place)? };
        self.git.remember(&self.place, &record)
    }

    /// Keeps the commits of a left-over local branch that nothing else keeps; whether it was there.
    fn keep_branch(&self, home: &Home, start: Oid) -> Result<bool, GitError> {
        let Some(tip) = home.tip(&self.branch.full())? else { return Ok(false) };
        if !home.is_kept(tip, &[start])? {
            let name = left_over(&self.branch, &tip.to_string());
            home.set(&name, tip, "left-over branch")?;
            tracing::info!(name, "salvaged a left-over branch");
        }
        Ok(true)
    }
}
