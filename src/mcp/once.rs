//! One call of one tool, for scripts: a whole connection for it, through the same wire as an agent's.

use std::path::Path;

use serde_json::Value;

use super::{Called, Client, McpError};
use crate::flow::Secret;
use crate::flow::{Session, Sprintgate};

/// Calls a tool of a server in this process.
///
/// # Errors
/// [`McpError`] when there is no such tool or the arguments are no object. What the tool refuses is a [`Called`].
pub async fn call(app: Sprintgate, session: Session, tool: &str, args: Value) -> Result<Called, McpError> {
    through(Client::in_memory(app, session).await?, tool, args).await
}

/// Calls a tool of the server behind a runner's socket.
///
/// # Errors
/// As [`call`], and when nobody answers on the socket.
pub async fn call_socket(socket: &Path, token: &Secret, tool: &str, args: Value) -> Result<Called, McpError> {
    through(Client::socket(socket, token).await?, tool, args).await
}

async fn through(client: Client, tool: &str, args: Value) -> Result<Called, McpError> {
    let called = client.call(tool, args).await;
    client.close().await?;
    called
}
