//! The branch that work is to be merged into, as the remote says it.

use crate::domain::branch::BranchName;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::settings::Git;

impl Git {
    /// The remote's default branch, into which `branch` is to be merged.
    ///
    /// # Errors
    /// [`GitError::NoDefaultBranch`], and [`GitError::DefaultBranch`] when it is that branch itself; others when the remote
    /// cannot be asked.
    pub async fn default_branch(&self, url: &RemoteUrl, branch: &BranchName) -> Result<String, GitError> {
        let (vault, lock) = self.vault(url).await?;
        drop(lock);
        let default = self.tips(&vault, url, branch).await?.default;
        let default = default.ok_or_else(|| GitError::NoDefaultBranch { url: url.to_string() })?;
        if default == branch.as_str() {
            return Err(GitError::DefaultBranch { branch: default });
        }
        Ok(default)
    }
}
