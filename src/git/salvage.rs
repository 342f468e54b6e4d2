//! Keeps what an attempt would lose with its cell, as a commit in the vault: files that are not in a commit, and
//! every commit that is in no branch of the remote, whether a branch, a stash, a log or nothing names it any more.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use git2::Oid;

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::cell::{Borrowed, Sound, stand};
use super::error::GitError;
use super::inside::unlock;
use super::kept::Post;
use super::lock::{Lock, blocking};
use super::place::Place;
use super::record::State;
use super::settings::Git;
use super::vault::Vault;

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// The ref in the vault.
    pub reference: String,
    /// The commit it points to.
    pub commit: CommitId,
    /// How many paths had uncommitted changes.
    pub paths: usize,
    /// Whether commits were kept that no branch of the remote has.
    pub unpushed: bool,
}

impl Git {
    /// Keeps uncommitted and unpushed work of the attempt at `refs/salvage/<job>/<attempt>` of the vault; none when
    /// there was nothing to keep. What an earlier call kept stays behind the new commit, and is the answer again when
    /// nothing came since.
    ///
    /// # Errors
    /// When the work cannot be kept; then nothing may be removed.
    pub async fn salvage(&self, url: &RemoteUrl, place: &Place) -> Result<Option<Salvaged>, GitError> {
        let held = self.hold(place).await?;
        self.salvage_held(url, place, &held).await
    }

    /// The same for a place that the caller holds.
    pub(super) async fn salvage_held(
        &self,
        url: &RemoteUrl,
        place: &Place,
        held: &Lock,
    ) -> Result<Option<Salvaged>, GitError> {
        let record = self.recall(place)?;
        if record.state == State::Making {
            return Ok(None);
        }
        let folder = self.path_of(place);
        if record.state == State::Unknown && folder.symlink_metadata().is_err() {
            return Ok(None);
        }
        self.has_start(url, &record).await?;
        let (vault, lock) = self.vault(url).await?;
        let stand = stand(&folder.join(".git"));
        let brought = self.bring_all(&vault, &lock, &folder).await?;
        // objects are only ever added, so that reading files, which may take long, keeps nobody else away
        drop(lock);
        let post = Post {
            vault,
            folder,
            index: self.index_path(place),
            reference: place.salvage_ref(),
            outgoing: place.outgoing_refs(),
            job: place.job_ref(),
            title: format!("salvage of job {}, attempt {}", place.job, place.attempt),
            record,
            head: stand.at,
            brought,
        };
        let post = Arc::new(post);
        let reader = post.clone();
        let read = self.read("salvage", &post.folder, move || reader.read()).await?;
        let held = [held.clone(), self.lock(&post.vault).await?];
        blocking("salvage", move || {
            let _held = held;
            post.keep(read)
        })
        .await
    }

    /// Brings every commit that lies in the cell into the vault; those that are there now. Where one is not whole, as
    /// after the disk was full or by intent, all objects are kept as they are besides; so are those that nobody had
    /// better unpack.
    async fn bring_all(&self, vault: &Path, lock: &Lock, folder: &Path) -> Result<Vec<Oid>, GitError> {
        let git = folder.join(".git");
        // what may not be read would be passed over
        blocking("unlock objects", move || {
            if let Err(error) = unlock(&git) {
                tracing::warn!(git = %git.display(), %error, "could not unlock the objects of a worktree");
            }
            Ok(())
        })
        .await?;
        let borrowed = Borrowed::of(vault, lock, folder, None).await?;
        let begun = Instant::now();
        let listed = self.list(&borrowed).await?;
        if listed.commits.is_empty() && !listed.is_bomb {
            return Ok(Vec::new());
        }
        if !listed.is_bomb && self.bring(&borrowed, &listed.commits, Sound::Whole).await.is_ok() {
            return Ok(listed.commits);
        }
        let aside = borrowed.set_aside().await?;
        tracing::warn!(folder = %folder.display(), aside = %aside.display(), "not every commit is whole");
        let mut whole = Vec::new();
        for oid in listed.commits.into_iter().filter(|_| !listed.is_bomb) {
            // they are kept aside; that they are in the vault as well is worth so much time and no more
            if begun.elapsed() > self.settings().timeout {
                tracing::warn!("passed over commits, for the time is over");
                break;
            }
            match self.bring(&borrowed, &[oid], Sound::Whole).await {
                Ok(()) => whole.push(oid),
                Err(error) => tracing::warn!(%oid, %error, "passed over a commit that is not whole"),
            }
        }
        let books = Vault::open(vault)?;
        Ok(whole.into_iter().filter(|oid| books.has(*oid)).collect())
    }
}
