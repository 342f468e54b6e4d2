//! The same server for both kinds of client: with a handshake, and with self-contained requests.

use serde_json::json;
use sprintgate::mcp::{Client, Era, McpServer, serve_stream};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

use super::house::{session, without_database};
use super::raw::Raw;

#[tokio::test]
async fn tools_work_in_both_eras() {
    for era in [Era::Legacy, Era::Modern] {
        let (_folder, app) = without_database();
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let (reader, writer) = tokio::io::split(theirs);
        let stop = CancellationToken::new();
        let server = tokio::spawn(serve_stream(app, Arc::new(session(None)), reader, writer, stop));
        let (reader, writer) = tokio::io::split(ours);
        let client = Client::over_in(era, reader, writer).await.unwrap();
        assert_eq!(client.tools().await.unwrap(), McpServer::tools(), "{era:?}");
        let well = client.call("health", json!({})).await.unwrap();
        assert!(!well.is_error && well.json["status"] == "ok", "{era:?}: {}", well.json);
        let refused = client.call("job_heartbeat", json!({ "job": "j" })).await.unwrap();
        assert!(refused.is_error && refused.json["code"] == "VALIDATION_ERROR", "{era:?}: {}", refused.json);
        client.close().await.unwrap();
        server.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn every_version_with_a_handshake_is_spoken_as_asked() {
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let (_folder, app) = without_database();
        let mut raw = Raw::silent(app);
        let hello = json!({ "protocolVersion": version, "capabilities": {},
            "clientInfo": { "name": "by-hand", "version": "0" } });
        let answer = raw.ask("initialize", hello).await;
        assert_eq!(answer["result"]["protocolVersion"], version);
        assert_eq!(answer["result"]["serverInfo"]["name"], "sprintgate");
        assert!(answer["result"]["instructions"].as_str().unwrap().contains("wait_for_job"));
    }
}

#[tokio::test]
async fn a_discovering_client_finds_the_newest_version() {
    let (_folder, app) = without_database();
    let mut raw = Raw::silent(app);
    let meta = json!({ "_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "by-hand", "version": "0" },
        "io.modelcontextprotocol/clientCapabilities": {},
    } });
    let answer = raw.ask("server/discover", meta).await;
    let versions = answer["result"]["supportedVersions"].as_array().expect("versions").clone();
    assert!(versions.contains(&json!("2026-07-28")), "{answer}");
}
