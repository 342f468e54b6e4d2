//! Why a runner cannot go on. What ends one job only is no error here: the job is given back and the loop goes on.

use std::path::{Path, PathBuf};

use super::Refused;
use crate::flow::FlowError;
use crate::mcp::McpError;

/// Why a runner cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunnerError {
    /// The agent's command has no program.
    #[error("the agent's command is empty")]
    NoAgent,
    /// A variable may not be handed to agents.
    #[error("`{name}` cannot be passed to agents: {why}")]
    Variable {
        /// The variable.
        name: String,
        /// Why not.
        #[source]
        why: Refused,
    },
    /// Others than this user may enter a folder that holds tokens.
    #[error("{} is open to other users: mode {mode:o}, and it has to be 700", .folder.display())]
    Exposed {
        /// The folder.
        folder: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The operating system refused.
    #[error("cannot {what} {}", .path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The agents' socket cannot be used.
    #[error("agents cannot be served")]
    Socket(#[from] McpError),
    /// A use case did not happen, and will not happen a moment later either.
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// The job cannot be handed to an agent as it is.
    #[error("the job has no {what}")]
    Odd {
        /// What it lacks.
        what: &'static str,
    },
}

impl RunnerError {
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { what, path, source }
    }
}
