//! The real program between an agent and a runner's socket: it gets no database, no config file, only the socket and
//! a token.

use serde_json::json;
use sprintgate::mcp::{Client, Socket};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::house::{session, without_database};

fn program(socket: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sprintgate"));
    command.arg("mcp").env_clear().env("SPRINTGATE_SOCKET", socket).env("SPRINTGATE_TOKEN", "sg_one");
    command
}

#[tokio::test]
async fn an_agents_program_reaches_the_socket() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run/agents.sock");
    let (_house, app) = without_database();
    let stop = CancellationToken::new();
    let served = Socket::bind(&path).unwrap().serve(app, |token| session(token.as_ref()), stop.clone());
    let served = tokio::spawn(served);
    let client = Client::child(program(&path).into()).await.unwrap();
    assert_eq!(client.tools().await.unwrap().len(), 16);
    let well = client.call("health", json!({})).await.unwrap();
    assert_eq!(well.json["database"], "down", "{}", well.json);
    client.close().await.unwrap();

    // When the runner ends, so does the program, though its input goes on.
    let client = Client::child(program(&path).into()).await.unwrap();
    stop.cancel();
    served.await.unwrap();
    assert!(client.call("health", json!({})).await.is_err());
    client.close().await.unwrap();
}

#[tokio::test]
async fn a_program_whose_input_is_a_socket_ends_when_told_to() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run/agents.sock");
    let (_house, app) = without_database();
    let stop = CancellationToken::new();
    let served = Socket::bind(&path).unwrap().serve(app, |token| session(token.as_ref()), stop.clone());
    let served = tokio::spawn(served);
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    let input = Stdio::from(OwnedFd::from(theirs.try_clone().unwrap()));
    let mut child = program(&path).stdin(input).stdout(Stdio::from(OwnedFd::from(theirs))).spawn().unwrap();
    let ended = tokio::task::spawn_blocking(move || {
        let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {},
            "clientInfo": { "name": "by-hand", "version": "0" } } });
        ours.write_all(format!("{hello}\n").as_bytes()).unwrap();
        let mut first = [0; 16];
        ours.read_exact(&mut first).unwrap();
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let ended = child.wait().unwrap();
        drop(ours);
        ended
    });
    let ended = tokio::time::timeout(Duration::from_secs(10), ended).await.unwrap().unwrap();
    assert!(ended.success(), "{ended}");
    stop.cancel();
    served.await.unwrap();
}
