//! Placeholder until the MCP shell lands: the signatures that the command line calls.
#![allow(missing_docs)]

use std::path::Path;

use serde_json::Value;

use crate::flow::{Session, Sprintgate};
use crate::store::Secret;

#[derive(Debug, thiserror::Error)]
#[error("the MCP shell is not built yet")]
pub struct McpError;

#[derive(Debug)]
pub struct Called {
    pub is_error: bool,
    pub json: Value,
}

pub async fn serve_stdio(_app: Sprintgate, _session: Session) -> Result<(), McpError> {
    Err(McpError)
}

pub async fn bridge_stdio(_socket: &Path, _token: &Secret) -> Result<(), McpError> {
    Err(McpError)
}

pub async fn call(
    _app: Sprintgate,
    _session: Session,
    _tool: &str,
    _args: Value,
) -> Result<Called, McpError> {
    Err(McpError)
}

pub async fn call_socket(
    _socket: &Path,
    _token: &Secret,
    _tool: &str,
    _args: Value,
) -> Result<Called, McpError> {
    Err(McpError)
}
