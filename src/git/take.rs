//! Takes an attempt's commit into the vault.

use std::path::Path;

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::command::{GitCommand, Reach};
use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::repository::Home;
use super::settings::Git;
use super::vault::{self, FETCH};

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
        let (vault, lock) = self.vault(url).await?;
        let from = clone.to_owned();
        let common = blocking("open the clone", move || Home::open(&from).map(|home| home.common)).await?;
        let call = GitCommand::new("fetch", &vault).reach(Reach::Disk).args(FETCH);
        let call = call.args(["--upload-pack=git-upload-pack", "--"]).args([common]);
        self.fetch(call.args([format!("+{head}:{}", place.job_ref())])).await?;
        let head = head.clone();
        blocking("check the vault", move || {
            let _lock = lock;
            vault::commit(&vault::open(&vault)?, &head).map(drop)
        })
        .await
    }
}
