//! A remote behind http that is git's own `http-backend`, with a trouble that pushes meet.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use sprintgate::domain::remote::RemoteUrl;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

/// What becomes of a push that reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    /// The server answers with that status and does nothing.
    Status(&'static str),
    /// The server sends it elsewhere.
    Redirect,
    /// The server says nothing, and holds the line.
    Hangs,
    /// The server does it all, and the answer gets lost.
    Cut,
}

/// A server for the repositories of a folder.
pub(crate) struct Backend {
    pub url: RemoteUrl,
    trouble: Arc<Mutex<Trouble>>,
}

impl Backend {
    /// Serves the repository, whose pushes it takes from anybody.
    pub(crate) async fn of(repository: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let name = repository.file_name().unwrap().to_str().unwrap();
        let url = format!("http://{}/{name}", listener.local_addr().unwrap());
        let root = repository.parent().unwrap().to_owned();
        let trouble = Arc::new(Mutex::new(Trouble::None));
        let met = Arc::clone(&trouble);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, root.clone(), Arc::clone(&met)));
            }
        });
        Self { url: RemoteUrl::new(url).unwrap(), trouble }
    }

    pub(crate) fn meets(&self, trouble: Trouble) {
        *self.trouble.lock().unwrap() = trouble;
    }
}

/// Answers one request; a client that leaves ends it.
async fn serve(stream: TcpStream, root: PathBuf, trouble: Arc<Mutex<Trouble>>) {
    let mut stream = BufReader::new(stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap(), first.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |name: &str| {
        let found = head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        found.unwrap_or_default()
    };
    assert_eq!(header("Transfer-Encoding"), "", "only small pushes are served");
    let mut body = vec![0; header("Content-Length").parse().unwrap_or(0)];
    if stream.read_exact(&mut body).await.is_err() {
        return;
    }
    let is_push = method == "POST" && path.ends_with("/git-receive-pack");
    let trouble = if is_push { *trouble.lock().unwrap() } else { Trouble::None };
    let answer = match trouble {
        Trouble::Hangs => std::future::pending().await,
        Trouble::Status(status) => format!("HTTP/1.1 {status}\r\n\r\n").into_bytes(),
        Trouble::Redirect => {
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/elsewhere.git\r\n\r\n".to_vec()
        }
        Trouble::None | Trouble::Cut => {
            let mut backend = Command::new("git");
            backend.arg("http-backend").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
            backend
                .env("GIT_PROJECT_ROOT", &root)
                .env("GIT_HTTP_EXPORT_ALL", "")
                .env("REMOTE_USER", "somebody");
            backend.env("REQUEST_METHOD", method).env("PATH_INFO", path).env("QUERY_STRING", query);
            backend.env("CONTENT_TYPE", header("Content-Type")).env("CONTENT_LENGTH", body.len().to_string());
            backend.env("HTTP_CONTENT_ENCODING", header("Content-Encoding"));
            backend.env("GIT_PROTOCOL", header("Git-Protocol"));
            let piped = backend.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            let mut child = piped.spawn().unwrap();
            let mut stdin = child.stdin.take().unwrap();
            // one that refuses early does not read all of it
            let _ = stdin.write_all(&body).await;
            drop(stdin);
            let said = child.wait_with_output().await.unwrap().stdout;
            let text = String::from_utf8_lossy(&said);
            let status = text.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
            [format!("HTTP/1.1 {}\r\nConnection: close\r\n", status.trim()).as_bytes(), &said].concat()
        }
    };
    if trouble != Trouble::Cut {
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
    }
}
