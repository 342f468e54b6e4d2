//! Keeps the commit that a push is about to take from its branch.

use std::path::Path;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::lock::blocking;
use super::settings::Git;
use super::vault::Vault;

impl Git {
    /// Keeps the tip that the branch has on the remote in the vault, where salvaged work is looked for. False when
    /// the remote does not have it any more.
    pub(super) async fn keep_tip(
        &self,
        vault: &Path,
        url: &RemoteUrl,
        branch: &BranchName,
        tip: &CommitId,
    ) -> Result<bool, GitError> {
        let (path, wanted) = (vault.to_owned(), tip.clone());
        let known = blocking("look for a commit", move || Ok(Vault::open(&path)?.commit(&wanted).is_ok()));
        if !known.await? {
            // another host took it into its own vault
            self.refresh(url).await?;
        }
        let (path, lock) = self.vault(url).await?;
        let tip = tip.clone();
        let name = left_over(branch, &tip.to_string());
        blocking("keep a replaced commit", move || {
            let _lock = lock;
            let vault = Vault::open(&path)?;
            let Ok(oid) = vault.commit(&tip) else { return Ok(false) };
            vault.set(&name, oid, "taken from its branch on the remote")?;
            tracing::info!(name, "salvaged a commit that a push takes from its branch");
            Ok(true)
        })
        .await
    }
}

/// The ref in the vault that keeps what a branch stood at before it was moved elsewhere.
fn left_over(branch: &BranchName, tip: &str) -> String {
    let short: String = tip.chars().take(10).collect();
    format!("refs/salvage/branch/{branch}/{short}")
}
