//! What happens to a wait when nobody waits any more.

use serde_json::json;
use sprintgate::mcp::McpServer;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio_util::sync::CancellationToken;

use super::land::Land;
use super::raw::Raw;

/// Far below the length of the waits, and below the protocol library's own patience.
const SOON: Duration = Duration::from_secs(4);

#[tokio::test]
async fn a_cancelled_request_ends_its_wait_and_nothing_else() {
    let land = Land::new().await;
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let gone = CancellationToken::new();
    let server = McpServer::new(land.app.clone(), Arc::new(land.session()), gone.clone());
    let calls = server.calls().clone();
    let serving = tokio::spawn(rmcp::serve_server(server, tokio::io::split(theirs)));
    let (reader, mut writer) = tokio::io::split(ours);
    let mut lines = BufReader::new(reader).lines();
    let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": { "name": "by-hand", "version": "0" } });
    let wait = json!({ "name": "wait_for_job", "arguments": { "wait_seconds": 600 } });
    for message in [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": wait }),
        json!({ "jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": { "name": "health" } }),
    ] {
        writer.write_all(format!("{message}\n").as_bytes()).await.unwrap();
    }
    // The handshake's answer, then the health: requests are begun in their order, so the wait has begun.
    for id in [1, 3] {
        let line = lines.next_line().await.unwrap().unwrap();
        assert!(line.contains(&format!("\"id\":{id}")), "{line}");
    }
    let running = serving.await.unwrap().unwrap();
    assert_eq!(calls.len(), 1);
    let cancel =
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 2 } });
    writer.write_all(format!("{cancel}\n").as_bytes()).await.unwrap();
    calls.close();
    tokio::time::timeout(SOON, calls.wait()).await.unwrap();
    assert!(!gone.is_cancelled());
    running.cancel().await.unwrap();
}

#[tokio::test]
async fn a_client_that_leaves_ends_its_wait() {
    let land = Land::new().await;
    let mut raw = Raw::ready_as(land.app.clone(), land.session()).await;
    let wait = json!({ "name": "wait_for_job", "arguments": { "wait_seconds": 600 } });
    raw.say(json!({ "jsonrpc": "2.0", "id": 90, "method": "tools/call", "params": wait })).await;
    drop((raw.writer, raw.lines));
    tokio::time::timeout(SOON, raw.server).await.unwrap().unwrap().unwrap();
}
