//! The protocol spoken by hand, line by line, so that nothing on the wire is hidden by a client.

use serde_json::{Value, json};
use sprintgate::flow::{Session, Sprintgate};
use sprintgate::mcp::{McpError, serve_stream};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::house::session;

pub(super) struct Raw {
    pub(super) lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    pub(super) writer: WriteHalf<DuplexStream>,
    pub(super) server: JoinHandle<Result<(), McpError>>,
    next: i64,
}

impl Raw {
    /// A server in memory, before a word was said.
    pub(super) fn silent(app: Sprintgate) -> Self {
        Self::silent_as(app, session(None))
    }

    fn silent_as(app: Sprintgate, session: Session) -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let (reader, writer) = tokio::io::split(theirs);
        let served = serve_stream(app, Arc::new(session), reader, writer, CancellationToken::new());
        let (reader, writer) = tokio::io::split(ours);
        Self { lines: BufReader::new(reader).lines(), writer, server: tokio::spawn(served), next: 0 }
    }

    /// The same, after the handshake.
    pub(super) async fn ready(app: Sprintgate) -> Self {
        Self::ready_as(app, session(None)).await
    }

    pub(super) async fn ready_as(app: Sprintgate, session: Session) -> Self {
        let mut raw = Self::silent_as(app, session);
        let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {},
            "clientInfo": { "name": "by-hand", "version": "0" } });
        raw.ask("initialize", hello).await;
        raw.say(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        raw
    }

    pub(super) async fn say(&mut self, message: Value) {
        self.writer.write_all(format!("{message}\n").as_bytes()).await.unwrap();
    }

    pub(super) async fn hear(&mut self) -> Value {
        let line = self.lines.next_line().await.unwrap().expect("the server went away");
        serde_json::from_str(&line).unwrap()
    }

    /// Asks, and returns the whole message that answers.
    pub(super) async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.say(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        loop {
            let message = self.hear().await;
            if message["id"] == id {
                return message;
            }
        }
    }

    pub(super) async fn call(&mut self, tool: &str, args: Value) -> Value {
        self.ask("tools/call", json!({ "name": tool, "arguments": args })).await
    }
}
