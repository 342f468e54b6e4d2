//! What an operator wants done in each new worktree of a repository before an agent gets it, such as to fetch what the
//! code depends on. Who does it is a port: it runs a program of the repository's, as the agent's own programs are run,
//! and never where the server's git works.

use std::path::Path;

use async_trait::async_trait;

use super::prepare::Workplace;
use super::{FlowError, Sprintgate};
use crate::domain::remote::RemoteUrl;
use crate::git::redact;

/// A worktree that was made just now.
#[derive(Debug, Clone, Copy)]
pub struct ReadyAsk<'a> {
    /// The address of the repository.
    pub url: &'a RemoteUrl,
    /// The worktree.
    pub worktree: &'a Path,
    /// The person's clone of the repository on this machine.
    pub clone: &'a Path,
    /// That clone is of another repository, by its `origin`: one of the same name, as far as a name was all to go by.
    pub is_of_another: bool,
}

/// Why a worktree is not ready.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}{said}", if .said.is_empty() { "" } else { ": " })]
pub struct Unready {
    /// What happened: how the program ended, or that it was not to be started.
    pub what: String,
    /// The end of what it wrote.
    pub said: String,
}

/// Makes new worktrees ready.
#[async_trait]
pub trait Readies: Send + Sync + 'static {
    /// Does what is wanted for the repository, nothing where nothing is. A try that was cut off may be followed by another
    /// one in the same worktree. When it is dropped no process of it is left.
    ///
    /// # Errors
    /// [`Unready`]: the attempt is given back, and the job waits a growing time.
    async fn ready(&self, ask: ReadyAsk<'_>) -> Result<(), Unready>;
}

impl Sprintgate {
    /// Has a worktree that was made just now made ready.
    pub(super) async fn make_ready(&self, workplace: &Workplace) -> Result<(), FlowError> {
        let (Some(readies), Some(ask)) = (&self.readies, workplace.to_ready()) else { return Ok(()) };
        let is_of_another = self.git.is_clone_of_another(ask.clone, ask.url).await?;
        let done = readies.ready(ReadyAsk { is_of_another, ..ask }).await;
        done.map_err(|unready| FlowError::Unready {
            repo: ask.url.repo_name().to_owned(),
            why: redact(&unready.to_string()),
        })
    }
}
