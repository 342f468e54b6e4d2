//! Takes an attempt's commit into the vault.

use std::path::Path;

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::program::{Call, Git, Reach};
use super::repository::Home;
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
        let mut args: Vec<_> = FETCH.iter().map(Into::into).collect();
        args.extend(["--upload-pack=git-upload-pack".into(), "--".into(), common.into_os_string()]);
        args.push(format!("+{head}:{}", place.job_ref()).into());
        self.fetch(Call { what: "fetch", git_dir: &vault, reach: Reach::Disk, args }).await?;
        let head = head.clone();
        blocking("check the vault", move || {
            let _lock = lock;
            vault::commit(&vault::open(&vault)?, &head).map(drop)
        })
        .await
    }
}
