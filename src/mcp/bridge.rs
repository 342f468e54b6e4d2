//! The other end of a socket for an agent that speaks MCP over standard input and output: it copies bytes and knows
//! neither database nor configuration.

use std::path::Path;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy};
use tokio::net::UnixStream;

use super::serve::stop_on_signals;
use super::stdio::stdio;
use super::{McpError, greeting};
use crate::flow::Secret;

/// Connects standard input and output with the server behind the socket, until either side ends or the process is
/// told to stop.
///
/// # Errors
/// [`McpError::Io`] when nobody answers on the socket, [`McpError::BadToken`] when the token cannot be sent.
pub async fn bridge_stdio(socket: &Path, token: &Secret) -> Result<(), McpError> {
    let stop = stop_on_signals()?;
    let (reader, writer) = stdio()?;
    let copied = bridge(socket, token, reader, writer);
    tokio::select! {
        () = stop.cancelled() => Ok(()),
        done = copied => done,
    }
}

async fn bridge<R, W>(socket: &Path, token: &Secret, mut reader: R, mut writer: W) -> Result<(), McpError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let (mut from, mut to) = greet(socket, token).await?.into_split();
    let up = async {
        // When the agent has nothing more to say, the server has to know; what it still answers goes through.
        let sent = copy(&mut reader, &mut to).await;
        if let Err(error) = to.shutdown().await {
            tracing::debug!(%error, "the server had gone already");
        }
        match sent {
            Ok(_) => std::future::pending().await,
            Err(error) => error,
        }
    };
    tokio::select! {
        down = copy(&mut from, &mut writer) => down.map(drop).map_err(McpError::io("copy from", socket)),
        error = up => Err(McpError::io("copy to", socket)(error)),
    }
}

/// Connects to the socket and shows the token.
pub(super) async fn greet(socket: &Path, token: &Secret) -> Result<UnixStream, McpError> {
    let line = greeting::line(token)?;
    let mut stream = UnixStream::connect(socket).await.map_err(McpError::io("connect to", socket))?;
    stream.write_all(line.as_bytes()).await.map_err(McpError::io("write to", socket))?;
    Ok(stream)
}
