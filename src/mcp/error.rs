//! Why a connection, a socket or a scripted call failed. What a tool refuses is no error here: it is an answer.

use std::path::{Path, PathBuf};

/// Why the shell could not do its part.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum McpError {
    /// The two sides did not agree to speak MCP.
    #[error("no MCP connection came about")]
    Opening {
        /// What the protocol library says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A call got no answer from a tool.
    #[error("`{tool}` was not answered")]
    Unanswered {
        /// The tool, or the protocol's method.
        tool: String,
        /// What the protocol library says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The arguments of a scripted call are no JSON object.
    #[error("the arguments of `{tool}` are not a JSON object")]
    NotAnObject {
        /// The tool.
        tool: String,
    },
    /// The task that speaks the protocol died.
    #[error("the connection's task ended early")]
    Died(#[from] tokio::task::JoinError),
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
    /// Others than this user may enter the folder that keeps agents apart.
    #[error("{} is open to other users: mode {mode:o}, and it has to be 700", .folder.display())]
    Exposed {
        /// The folder.
        folder: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another process answers there.
    #[error("{} is in use by another process", .path.display())]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// The text cannot be a token: it is empty, too long or has spaces.
    #[error("the token cannot be sent: it has to be 1 to {longest} visible ASCII characters")]
    BadToken {
        /// How many characters a token may have.
        longest: usize,
    },
}

impl McpError {
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { what, path, source }
    }

    pub(super) fn opening(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Opening { source: source.into() }
    }

    pub(super) fn unanswered(
        tool: &str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Unanswered { tool: tool.to_owned(), source: source.into() }
    }
}
