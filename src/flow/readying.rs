//! What an operator wants done in each new worktree of a repository before an agent gets it, such as to fetch what the
//! code depends on. Who does it is a port: it runs a program of the repository's, as the agent's own programs are run,
//! and never where the server's git works.

use std::path::Path;

use async_trait::async_trait;

use super::prepare::Workplace;
use super::{FlowError, Sprintgate};
use crate::git::redact;

/// A worktree that was made just now.
#[derive(Debug, Clone, Copy)]
pub struct ReadyAsk<'a> {
    /// The name of the repository.
    pub repo: &'a str,
    /// The worktree.
    pub worktree: &'a Path,
    /// The person's clone of the repository on this machine.
    pub clone: &'a Path,
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
        let done = readies.ready(ask).await;
        done.map_err(|unready| FlowError::Unready {
            repo: ask.repo.to_owned(),
            why: redact(&unready.to_string()),
        })
    }
}
