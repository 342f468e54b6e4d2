//! Lets go of what was salvaged.

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::erase::erase;
use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::settings::Git;
use super::vault::{LARGE, UNREADABLE, Vault, commit_id};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dropped {
    /// The vault names it no more. Its objects stay there until the vault is made anew: cells borrow them.
    Dropped,
    /// It was not there.
    Gone,
    /// It stays: more was kept since.
    Newer {
        /// What the vault has now.
        found: CommitId,
    },
}

impl Git {
    /// Whether this machine's vault still names what was salvaged of the attempt.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn has_salvage(&self, url: &RemoteUrl, place: &Place, commit: &CommitId) -> Result<bool, GitError> {
        let Some(vault) = self.made_vault(url)? else { return Ok(false) };
        let vault = Vault::open(&vault)?;
        match (vault.tip(&place.salvage_ref())?, vault.commit(commit)) {
            (Some(tip), Ok(commit)) => vault.is_behind(commit, &[tip]),
            _ => Ok(false),
        }
    }

    /// Lets go of what was salvaged of the attempt, if it is that commit; of files that were kept beside it, too.
    ///
    /// # Errors
    /// When the vault cannot be written.
    pub async fn drop_salvage(
        &self,
        url: &RemoteUrl,
        place: &Place,
        commit: &CommitId,
    ) -> Result<Dropped, GitError> {
        let held = self.hold(place).await?;
        let Some(path) = self.made_vault(url)? else { return Ok(Dropped::Gone) };
        let (name, commit, folder) = (place.salvage_ref(), commit.clone(), place.folder());
        let outgoing = place.outgoing_refs();
        blocking("let go of salvaged work", move || {
            let _held = held;
            let vault = Vault::open(&path)?;
            // The ref goes first: whoever dies before the rest is gone is followed by one who finds it so.
            let beside = || {
                vault.below(&outgoing)?.keys().try_for_each(|name| vault.delete(name))?;
                [LARGE, UNREADABLE].iter().try_for_each(|of| erase(&path.join(of).join(&folder)).map(drop))
            };
            let Some(tip) = vault.tip(&name)? else { return beside().map(|()| Dropped::Gone) };
            let found = commit_id(tip)?;
            if found != commit {
                return Ok(Dropped::Newer { found });
            }
            vault.delete(&name)?;
            beside()?;
            tracing::info!(name, %commit, "let go of salvaged work");
            Ok(Dropped::Dropped)
        })
        .await
    }
}
