//! The listeners: HTTP by hand, so that answers can be as wrong as real ones.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value;
use sprintgate::domain::forge::ForgeKind;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

use super::repo::Repo;
use super::{Answer, Request, State, What, faults, forgejo, github};

/// A running forge; it ends with its test.
pub(crate) struct Server {
    state: Arc<Mutex<State>>,
    github: String,
    forgejo: String,
    dir: TempDir,
}

impl Server {
    pub(crate) async fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let repo = Repo::new(dir.path());
        Self::over(repo, dir).await
    }

    /// Before a bare repository of somebody else.
    pub(crate) async fn showing(path: &Path) -> Self {
        Self::over(Repo { path: path.to_owned() }, TempDir::new().unwrap()).await
    }

    async fn over(repo: Repo, dir: TempDir) -> Self {
        let state = Arc::new(Mutex::new(State::new(repo)));
        let github = serve(&state, ForgeKind::GitHub, None).await;
        let forgejo = serve(&state, ForgeKind::Forgejo, None).await;
        Self { state, github, forgejo, dir }
    }

    /// The same forge behind TLS, as `localhost`: host and port.
    pub(crate) async fn secure(&self, kind: ForgeKind, folder: &Path) -> String {
        let port = serve(&self.state, kind, Some(folder)).await;
        port.replace("127.0.0.1", "localhost")
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Host and port of that face.
    pub(crate) fn host(&self, kind: ForgeKind) -> &str {
        match kind {
            ForgeKind::GitHub => &self.github,
            ForgeKind::Forgejo => &self.forgejo,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }
}

async fn serve(state: &Arc<Mutex<State>>, kind: ForgeKind, tls: Option<&Path>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let tls = tls.map(acceptor);
    let state = state.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (state, tls) = (state.clone(), tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => connection(stream, &state, kind).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            connection(stream, &state, kind).await;
                        }
                    }
                }
            });
        }
    });
    at
}

/// One request and its answer.
async fn connection(mut stream: impl AsyncRead + AsyncWrite + Unpin, state: &Mutex<State>, kind: ForgeKind) {
    let Some(request) = read(&mut stream).await else { return };
    let (answer, whole) = match handle(&mut state.lock().unwrap(), kind, &request) {
        Some(answer) => answer,
        None => return,
    };
    let Some(answer) = answer else { return std::future::pending().await };
    let mut head = format!("HTTP/1.1 {} x\r\nconnection: close\r\n", answer.status);
    if answer.headers.iter().all(|(name, _)| name != "date") {
        head += "date: Tue, 10 Oct 2017 16:00:00 GMT\r\n";
    }
    for (name, value) in &answer.headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", answer.body.len());
    let body = answer.body.as_bytes();
    let body = if whole { body } else { &body[..body.len() / 2] };
    // Who asked may be gone.
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body).await;
    let _ = stream.shutdown().await;
}

/// The answer, if one comes, and whether it comes whole; none to close the connection.
fn handle(state: &mut State, kind: ForgeKind, request: &Request) -> Option<(Option<Answer>, bool)> {
    let at = state.faults.iter().position(|fault| fault.fits(request));
    let fault = at.map(|at| state.faults.remove(at).what);
    let act = |state: &mut State| {
        let answer = match kind {
            ForgeKind::GitHub => github::answer(state, request),
            ForgeKind::Forgejo => forgejo::answer(state, request),
        };
        state.log.push((request.clone(), answer.status));
        answer
    };
    let death = match &mut state.dies {
        Some(dies) if dies.after > 0 => {
            dies.after -= 1;
            None
        }
        dies => dies.take(),
    };
    if let Some(death) = death {
        if death.done {
            act(state);
        }
        death.now.notify_one();
        return Some((None, true));
    }
    Some(match fault {
        None => (Some(act(state)), true),
        Some(What::Answers(answer)) => {
            state.log.push((request.clone(), answer.status));
            (Some(answer), true)
        }
        Some(What::Hangs) => (None, true),
        Some(What::HangsAfter) => {
            act(state);
            (None, true)
        }
        Some(What::ClosesBefore) => return None,
        Some(What::ClosesAfter) => {
            act(state);
            return None;
        }
        Some(What::Halves) => (Some(act(state)), false),
        Some(What::Lacks(field)) => {
            let answer = act(state);
            (Some(Answer { body: faults::spoilt(&answer.body, field, false), ..answer }), true)
        }
        Some(What::Twists(field)) => {
            let answer = act(state);
            (Some(Answer { body: faults::spoilt(&answer.body, field, true), ..answer }), true)
        }
    })
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?);
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = headers.map(|(n, v)| (n.to_ascii_lowercase(), v.to_owned())).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let query = query.map(|(name, value)| (name.to_owned(), value.replace("%2F", "/"))).collect();
    Some(Request { method, path: path.to_owned(), query, headers, body })
}

/// Makes an authority and a certificate by it for `localhost` in the folder; the file of the authority.
pub(crate) fn authority(folder: &Path) -> PathBuf {
    let script = "openssl req -new -x509 -days 2 -nodes -subj '/CN=authority of the tests' -keyout ca.key -out ca.crt \
        && openssl req -new -nodes -subj /CN=localhost -keyout server.key -out server.csr \
        && echo subjectAltName=DNS:localhost > names \
        && openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -extfile names \
           -out server.crt";
    let output = Command::new("sh").arg("-ec").arg(script).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder.join("ca.crt")
}

fn acceptor(folder: &Path) -> tokio_rustls::TlsAcceptor {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let chain =
        CertificateDer::pem_file_iter(folder.join("server.crt")).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
    tokio_rustls::TlsAcceptor::from(Arc::new(config))
}
