//! Looks at an attempt's cell. No program runs there: neither hooks nor filters nor monitors of the agent.

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::cell::{Stand, dirty, stand};
use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::settings::Git;
use super::vault::{Vault, commit_id};

/// What an attempt's worktree shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The commit it is on.
    pub head: CommitId,
    /// The branch it is on, without `refs/heads/`; none when detached.
    pub branch: Option<String>,
    /// Paths that differ from `head`, untracked ones too, ignored ones not; at most 20.
    pub dirty: Vec<String>,
}

impl Git {
    /// Looks at the attempt's worktree. The commit that it is on is taken into the vault, as [`Git::take`] does: files
    /// are compared with what is there.
    ///
    /// # Errors
    /// [`GitError::NoWorktree`] without a folder, [`GitError::TamperedWorktree`] when it is no repository of its own
    /// or stands on no commit.
    pub async fn look(&self, url: &RemoteUrl, place: &Place) -> Result<Look, GitError> {
        let (folder, index) = (self.path_of(place), self.index_path(place));
        let tampered = |why| GitError::TamperedWorktree { path: self.path_of(place), why };
        let at = folder.clone();
        let Stand { on, at } = blocking("look at a worktree", move || {
            let kind = |path: &std::path::Path| path.symlink_metadata().map(|meta| meta.is_dir());
            let tampered = |why| GitError::TamperedWorktree { path: at.clone(), why };
            match kind(&at) {
                Err(_) => return Err(GitError::NoWorktree { path: at.clone() }),
                Ok(false) => return Err(tampered("it is not a folder")),
                Ok(true) => {}
            }
            if !kind(&at.join(".git")).unwrap_or(false) {
                return Err(tampered("its .git is not a folder"));
            }
            Ok(stand(&at.join(".git")))
        })
        .await?;
        let no_commit = || tampered("it stands on no commit");
        let commit = at.ok_or_else(no_commit)?;
        let head = commit_id(commit)?;
        self.has_start(url, &self.recall(place)?).await?;
        let (vault, lock) = self.vault(url).await?;
        match self.take_into(&vault, &lock, place, &head).await {
            Err(GitError::NoCommit { .. }) => return Err(no_commit()),
            answer => answer?,
        }
        drop(lock);
        let branch = on.as_deref().and_then(|name| name.strip_prefix("refs/heads/")).map(str::to_owned);
        let at = folder.clone();
        let dirty = move || dirty(Vault::open(&vault)?, &folder, &index, commit);
        let dirty = self.read("look at files", &at, dirty).await?;
        Ok(Look { head, branch, dirty })
    }
}
