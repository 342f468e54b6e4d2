//! The socket on which a runner's agents speak.

use serde_json::json;
use sprintgate::domain::id::WorkerId;
use sprintgate::flow::Session;
use sprintgate::mcp::{Client, McpError, Socket, call_socket};
use sprintgate::store::Secret;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::house::without_database;

/// The tokens that were shown, in order.
type Shown = Arc<Mutex<Vec<Option<String>>>>;

fn serve(path: &Path) -> (TempDir, Shown, CancellationToken, JoinHandle<()>) {
    let (folder, app) = without_database();
    let (shown, stop) = (Shown::default(), CancellationToken::new());
    let seen = shown.clone();
    let make = move |token: Option<Secret>| {
        seen.lock().unwrap().push(token.as_ref().map(|token| token.reveal().to_owned()));
        Session::worker(token.as_ref(), WorkerId::new("w1").unwrap())
    };
    let served = Socket::bind(path).unwrap().serve(app, make, stop.clone());
    (folder, shown, stop, tokio::spawn(served))
}

#[tokio::test]
async fn each_client_has_the_session_of_its_token() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run/agents.sock");
    let (_house, shown, stop, served) = serve(&path);
    assert_eq!(std::fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    for token in ["sg_one", "sg_two"] {
        let called = call_socket(&path, &Secret::shown(token), "health", json!({})).await.unwrap();
        assert!(!called.is_error, "{}", called.json);
    }
    let mut nobody = UnixStream::connect(&path).await.unwrap();
    nobody.write_all(b"SPRINTGATE/1 -\n").await.unwrap();
    let (reader, writer) = nobody.into_split();
    let client = Client::over(reader, writer).await.unwrap();
    assert_eq!(client.tools().await.unwrap().len(), 16);
    client.close().await.unwrap();
    let wanted = [Some("sg_one".to_owned()), Some("sg_two".to_owned()), None];
    assert_eq!(*shown.lock().unwrap(), wanted);
    stop.cancel();
    served.await.unwrap();
    assert!(!path.exists());
}

#[tokio::test]
async fn who_does_not_greet_is_turned_away() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run/agents.sock");
    let (_house, shown, stop, served) = serve(&path);
    for line in
        ["{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n", "SPRINTGATE/2 sg_one\n", "SPRINTGATE/1 \n"]
    {
        let mut stream = UnixStream::connect(&path).await.unwrap();
        stream.write_all(line.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert!(answer.is_empty(), "{line}");
    }
    assert!(shown.lock().unwrap().is_empty());
    stop.cancel();
    served.await.unwrap();
}

#[tokio::test]
async fn stopping_ends_the_clients_too() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run/agents.sock");
    let (_house, _, stop, served) = serve(&path);
    let client = Client::socket(&path, &Secret::shown("sg_one")).await.unwrap();
    let _silent = UnixStream::connect(&path).await.unwrap();
    stop.cancel();
    served.await.unwrap();
    assert!(client.call("health", json!({})).await.is_err());
}

#[tokio::test]
async fn a_socket_is_taken_over_only_from_the_dead() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run/agents.sock");
    let first = Socket::bind(&path).unwrap();
    assert!(matches!(Socket::bind(&path), Err(McpError::InUse { .. })));
    drop(first);
    // What a process leaves that was killed.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    Socket::bind(&path).unwrap();
}

#[tokio::test]
async fn a_folder_open_to_others_is_refused() {
    let folder = TempDir::new().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o750)).unwrap();
    let refused = Socket::bind(&folder.path().join("agents.sock"));
    assert!(matches!(refused, Err(McpError::Exposed { mode: 0o750, .. })), "{refused:?}");
}

#[tokio::test]
async fn a_file_is_no_socket_and_stays() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run/agents.sock");
    std::fs::create_dir(folder.path().join("run")).unwrap();
    std::fs::set_permissions(folder.path().join("run"), std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::write(&path, "notes").unwrap();
    assert!(Socket::bind(&path).is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "notes");
}
