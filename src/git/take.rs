//! Takes an attempt's commit into the vault.

use std::path::Path;

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::cell::{Borrowed, Sound};
use super::error::GitError;
use super::lock::{Lock, blocking};
use super::place::Place;
use super::record::{Record, State};
use super::settings::Git;
use super::vault::Vault;

/// The most bytes that an attempt's objects may have to be taken: what a forge takes in one push.
const MOST: u64 = 2 * 1024 * 1024 * 1024;

impl Git {
    /// Takes `head` from the attempt's cell into the vault of `url`, as `refs/jobs/<job>/<attempt>`.
    ///
    /// # Errors
    /// [`GitError::NoCommit`] when neither the cell nor the vault has the commit, [`GitError::TooLarge`], or what git
    /// says of objects that are not whole or not sound.
    pub async fn take(&self, url: &RemoteUrl, place: &Place, head: &CommitId) -> Result<(), GitError> {
        self.has_start(url, &self.recall(place)?).await?;
        let (vault, lock) = self.vault(url).await?;
        self.take_into(&vault, &lock, place, head).await
    }

    /// Sees to it that the vault has the commit that a cell was made from: without it, as after the vault was lost,
    /// nothing that was made on top of it is whole.
    pub(super) async fn has_start(&self, url: &RemoteUrl, record: &Record) -> Result<(), GitError> {
        let State::Made(start) = &record.state else { return Ok(()) };
        let (vault, lock) = self.vault(url).await?;
        drop(lock);
        if Vault::open(&vault)?.commit(start).is_err() {
            self.refresh(url).await?;
        }
        Ok(())
    }

    /// The same into a vault whose lock the caller holds.
    pub(super) async fn take_into(
        &self,
        vault: &Path,
        lock: &Lock,
        place: &Place,
        head: &CommitId,
    ) -> Result<(), GitError> {
        let taken =
            Taken { vault: vault.into(), name: place.job_ref(), head: head.clone(), _lock: lock.clone() };
        let (taken, known) = blocking("look into the vault", move || {
            let known = taken.is_known()?;
            Ok((taken, known))
        })
        .await?;
        if !known {
            let borrowed = Borrowed::of(vault, lock, &self.path_of(place), Some(MOST)).await?;
            let missing = || GitError::NoCommit { commit: head.to_string() };
            let oid = git2::Oid::from_str(head.as_str()).map_err(|_| missing())?;
            let listed = self.list(&borrowed).await?;
            if listed.is_bomb {
                return Err(GitError::TooLarge { path: self.path_of(place) });
            }
            if !listed.commits.contains(&oid) && !Vault::open(vault)?.has(oid) {
                return Err(missing());
            }
            self.bring(&borrowed, &[oid], Sound::Strictly).await?;
        }
        blocking("note a taken commit", move || taken.note()).await
    }
}

struct Taken {
    vault: std::path::PathBuf,
    name: String,
    head: CommitId,
    _lock: Lock,
}

impl Taken {
    /// Whether the vault has it, from the remote or from an earlier call. That it is there for another reason, as
    /// when it was salvaged, does not show that it is sound.
    fn is_known(&self) -> Result<bool, GitError> {
        let vault = Vault::open(&self.vault)?;
        let Ok(head) = vault.commit(&self.head) else { return Ok(false) };
        Ok(vault.tip(&self.name)? == Some(head) || vault.is_kept(head, &[])?)
    }

    fn note(self) -> Result<(), GitError> {
        let vault = Vault::open(&self.vault)?;
        let head = vault.commit(&self.head)?;
        if vault.tip(&self.name)? == Some(head) {
            return Ok(());
        }
        vault.set(&self.name, head, "taken")
    }
}
