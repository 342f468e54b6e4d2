//! A client of the protocol, for scripts, demonstrations and tests: it goes through the same wire as any agent.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation, ProtocolVersion,
    ReadResourceRequestParams, ReadResourceResult, Tool,
};
use rmcp::service::{ClientLifecycleMode, RunningService, serve_client_with_lifecycle};
use rmcp::{RoleClient, transport::async_rw::AsyncRwTransport};
use serde_json::{Map, Value};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::McpError;
use super::bridge::greet;
use super::serve::serve_stream;
use crate::flow::Secret;
use crate::flow::{Session, Sprintgate};

/// How much of either direction of an in-memory connection may be under way, in bytes.
const PIPE: usize = 1 << 16;
/// How long a child process may take to end after its input ended.
const FAREWELL: Duration = Duration::from_secs(10);

/// What a tool answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// The tool refused; `json` says why.
    pub is_error: bool,
    /// The answer, or the refusal with `code`, `message`, `facts`, `retry` and `legal_next`.
    pub json: Value,
}

/// How a connection begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Era {
    /// With `initialize`: the versions up to 2025-11-25.
    #[default]
    Legacy,
    /// With `server/discover` and self-contained requests: the version 2026-07-28.
    Modern,
}

/// A connection to a server.
#[derive(Debug)]
pub struct Client {
    service: RunningService<RoleClient, ClientConfig>,
    server: Option<JoinHandle<Result<(), McpError>>>,
    child: Option<Child>,
}

impl Client {
    /// Speaks MCP over a pair of byte streams.
    ///
    /// # Errors
    /// [`McpError::Opening`] when the other side does not.
    pub async fn over<R, W>(reader: R, writer: W) -> Result<Self, McpError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        Self::over_in(Era::default(), reader, writer).await
    }

    /// The same, with a say in how the connection begins.
    ///
    /// # Errors
    /// [`McpError::Opening`] when the other side does not speak it.
    pub async fn over_in<R, W>(era: Era, reader: R, writer: W) -> Result<Self, McpError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let begin = match era {
            Era::Legacy => ClientLifecycleMode::Initialize,
            Era::Modern => {
                ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
            }
        };
        let name = Implementation::new("sprintgate", env!("CARGO_PKG_VERSION"));
        let config = ClientConfig::new(ClientCapabilities::default(), name);
        let transport = AsyncRwTransport::new_client(reader, writer);
        let service =
            serve_client_with_lifecycle(config, transport, begin).await.map_err(McpError::opening)?;
        Ok(Self { service, server: None, child: None })
    }

    /// A server of our own in this process, over a pipe in memory.
    ///
    /// # Errors
    /// [`McpError::Opening`] when the two do not understand each other.
    pub async fn in_memory(app: Sprintgate, session: Session) -> Result<Self, McpError> {
        let (ours, theirs) = tokio::io::duplex(PIPE);
        let (reader, writer) = tokio::io::split(theirs);
        let server = serve_stream(app, Arc::new(session), reader, writer, CancellationToken::new());
        let server = tokio::spawn(server);
        let (reader, writer) = tokio::io::split(ours);
        Ok(Self { server: Some(server), ..Self::over(reader, writer).await? })
    }

    /// The server behind a runner's socket.
    ///
    /// # Errors
    /// [`McpError::Io`] when nobody answers there, [`McpError::Opening`] when the greeting was refused.
    pub async fn socket(socket: &Path, token: &Secret) -> Result<Self, McpError> {
        let (reader, writer) = greet(socket, token).await?.into_split();
        Self::over(reader, writer).await
    }

    /// A process that speaks MCP over its standard input and output, as `sprintgate mcp` does. It is killed when the
    /// client is dropped.
    ///
    /// # Errors
    /// [`McpError::Io`] when it cannot be started, [`McpError::Opening`] when it does not speak MCP.
    pub async fn child(mut command: Command) -> Result<Self, McpError> {
        let program = command.as_std().get_program().to_owned();
        let failed = |what| McpError::io(what, Path::new(&program));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(failed("start"))?;
        let (Some(writer), Some(reader)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("talk to")(std::io::ErrorKind::BrokenPipe.into()));
        };
        Ok(Self { child: Some(child), ..Self::over(reader, writer).await? })
    }

    /// Calls a tool with an object of arguments; null stands for an empty one.
    ///
    /// # Errors
    /// [`McpError::NotAnObject`]; [`McpError::Unanswered`] when the tool is unknown or the connection broke. What a
    /// tool refuses is a [`Called`].
    pub async fn call(&self, tool: &str, args: Value) -> Result<Called, McpError> {
        let args = match args {
            Value::Object(args) => args,
            Value::Null => Map::new(),
            _ => return Err(McpError::NotAnObject { tool: tool.to_owned() }),
        };
        let request = CallToolRequestParams::new(tool.to_owned()).with_arguments(args);
        let result =
            self.service.call_tool(request).await.map_err(|error| McpError::unanswered(tool, error))?;
        let text = result.content.first().and_then(|block| block.as_text()).map(|text| text.text.as_str());
        let json = match (result.structured_content, text) {
            (Some(value), _) => value,
            (None, Some(text)) => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
            (None, None) => Value::Null,
        };
        Ok(Called { is_error: result.is_error == Some(true), json })
    }

    /// The tools as the server lists them.
    ///
    /// # Errors
    /// [`McpError::Unanswered`] when the connection broke.
    pub async fn tools(&self) -> Result<Vec<Tool>, McpError> {
        self.service.list_all_tools().await.map_err(|error| McpError::unanswered("tools/list", error))
    }

    /// Reads a resource.
    ///
    /// # Errors
    /// [`McpError::Unanswered`] when there is none of that address or the connection broke.
    pub async fn read(&self, uri: &str) -> Result<ReadResourceResult, McpError> {
        let request = ReadResourceRequestParams::new(uri);
        self.service
            .read_resource(request)
            .await
            .map_err(|error| McpError::unanswered("resources/read", error))
    }

    /// Ends the connection, and waits for the server when it is ours.
    ///
    /// # Errors
    /// When the server ended badly or, as a process, did not end.
    pub async fn close(mut self) -> Result<(), McpError> {
        self.service.close().await?;
        if let Some(server) = self.server.take() {
            server.await??;
        }
        if let Some(mut child) = self.child.take() {
            let failed = |source| McpError::Io { what: "end", path: "the server's process".into(), source };
            match tokio::time::timeout(FAREWELL, child.wait()).await {
                Ok(ended) => drop(ended.map_err(failed)?),
                Err(_) => child.kill().await.map_err(failed)?,
            }
        }
        Ok(())
    }
}
