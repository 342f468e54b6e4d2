//! Serving one client over a pair of byte streams; standard input and output are one such pair.

use std::sync::Arc;
use std::time::Duration;

use rmcp::service::{QuitReason, ServerInitializeError, serve_server_with_ct};
use rmcp::transport::async_rw::AsyncRwTransport;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::McpError;
use super::server::McpServer;
use super::stdio::stdio;
use super::watched::Watched;
use crate::flow::{Session, Sprintgate};

/// The longest line that is read, in bytes. Arguments are refused far below; a longer line is not answered at all.
const LONGEST_LINE: usize = 8 << 20;
/// How long calls that are at work may go on after their client has gone: a push that began should end.
const LAST_CALLS: Duration = Duration::from_secs(60);

/// Serves one client until it goes or `stop` is cancelled, and lets the calls at work come to their end.
///
/// # Errors
/// [`McpError::Opening`] when what comes in is not MCP.
pub async fn serve_stream<R, W>(
    app: Sprintgate,
    session: Arc<Session>,
    reader: R,
    writer: W,
    stop: CancellationToken,
) -> Result<(), McpError>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let gone = stop.child_token();
    let server = McpServer::new(app, session, gone.clone());
    let calls = server.calls().clone();
    let transport =
        AsyncRwTransport::new_server(Watched::new(reader, gone), writer).with_max_line_length(LONGEST_LINE);
    let ended = match serve_server_with_ct(server, transport, stop.child_token()).await {
        Ok(running) => running.waiting().await.map_err(McpError::from),
        // Who leaves before a word was said is no failure.
        Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => {
            Ok(QuitReason::Closed)
        }
        Err(error) => Err(McpError::opening(error)),
    };
    calls.close();
    if tokio::time::timeout(LAST_CALLS, calls.wait()).await.is_err() {
        tracing::warn!(calls = calls.len(), "calls are still at work; their leases will end");
    }
    ended.map(drop)
}

/// Serves the client at standard input and output until the input ends or the process is told to stop (SIGTERM,
/// SIGINT). Nothing else may write to standard output meanwhile.
///
/// # Errors
/// [`McpError::Opening`] when what comes in is not MCP; [`McpError::Io`] when signals cannot be watched.
pub async fn serve_stdio(app: Sprintgate, session: Session) -> Result<(), McpError> {
    let stop = stop_on_signals()?;
    let (reader, writer) = stdio()?;
    serve_stream(app, Arc::new(session), reader, writer, stop).await
}

/// A token that SIGTERM and SIGINT cancel.
pub(super) fn stop_on_signals() -> Result<CancellationToken, McpError> {
    let watch = |kind| signal(kind).map_err(McpError::io("watch", "signals".as_ref()));
    let (mut term, mut int) = (watch(SignalKind::terminate())?, watch(SignalKind::interrupt())?);
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        told.cancel();
    });
    Ok(stop)
}
