//! Where a job's code lives, and where on this machine a person's clone of it is. The clone only says that this
//! machine works on the repository; nothing in it is read or written for a job. No silent fall-through: a task's own
//! repository is never replaced by its product's.

use std::path::PathBuf;

use super::{FlowError, Sprintgate};
use crate::domain::branch::BranchName;
use crate::domain::id::ProductId;
use crate::domain::remote::RemoteUrl;
use crate::store::{JobRecord, StoreError};

/// Where a job's code lives.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) url: RemoteUrl,
    pub(super) branch: BranchName,
}

impl Sprintgate {
    /// The remote and branch of a job.
    pub(super) fn site(&self, job: &JobRecord) -> Result<Site, FlowError> {
        let odd = |what: &str| StoreError::Inconsistent { what: format!("job {}: {what}", job.row.id) };
        let url = job.repo_url.as_deref().ok_or_else(|| odd("no repository"))?;
        let url = RemoteUrl::new(url).map_err(|bad| odd(&bad.to_string()))?;
        let branch = job.branch.as_deref().ok_or_else(|| odd("no branch"))?;
        let branch = BranchName::new(branch).map_err(|bad| odd(&bad.to_string()))?;
        Ok(Site { url, branch })
    }

    /// Where this machine keeps what was salvaged of a repository: the vault of its address, if it is one.
    #[must_use]
    pub fn vault_of(&self, url: &str) -> Option<PathBuf> {
        RemoteUrl::new(url).ok().map(|url| self.git.vault_of(&url))
    }

    /// The clone of a repository: configured by its address, else by its name, else by the product's id where that folder is a clone of
    /// this repository and not of another of the product, else a folder of that name among the projects. One whose
    /// reading does not end is none.
    pub(super) async fn clone_of(&self, url: &RemoteUrl, product: &ProductId) -> Result<PathBuf, FlowError> {
        let name = url.repo_name();
        let mut looked = Vec::new();
        let roots = &self.settings.repo_roots;
        let by_name = self.settings.projects.as_ref().map(|projects| projects.join(name));
        let known = [
            (roots.get(&url.key()).cloned(), None),
            (roots.get(name).cloned(), None),
            (roots.get(product.as_str()).cloned(), Some(url)),
            (by_name, None),
        ];
        for (path, of) in known.into_iter().filter_map(|(path, of)| Some((path?, of))) {
            match self.git.has_clone(&path, of).await {
                Ok(true) => return Ok(path),
                Ok(false) if of.is_some() => {
                    looked.push(format!("no clone of {name} by its origin: {}", path.display()));
                }
                Ok(false) => looked.push(format!("not a clone: {}", path.display())),
                Err(error) => {
                    tracing::warn!(%error, "a clone cannot be read and counts as none");
                    looked.push(error.to_string());
                }
            }
        }
        let looked = if looked.is_empty() { "no folder is configured".to_owned() } else { looked.join(", ") };
        Err(FlowError::NoClone { repo: name.to_owned(), looked })
    }
}
