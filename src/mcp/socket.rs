//! A unix socket on which a runner lets its agents speak MCP. The folder keeps other users out, the greeting says
//! whose session it is.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::BufReader;
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::serve::serve_stream;
use super::{McpError, greeting};
use crate::flow::Secret;
use crate::flow::{Session, Sprintgate};

/// How long to let be after the system would not hand out a connection, as when files run out.
const BREATH: Duration = Duration::from_millis(200);
/// How many agents may speak at once.
const CLIENTS: usize = 64;

/// A socket that is bound, and removed when dropped.
#[derive(Debug)]
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Binds the socket; its folder is made for this user alone. A socket that nobody answers on is replaced.
    ///
    /// # Errors
    /// [`McpError::Exposed`] when others may enter the folder, [`McpError::InUse`] when somebody answers there,
    /// [`McpError::Io`] when the path is not usable (it has to be shorter than 108 bytes).
    pub fn bind(path: &Path) -> Result<Self, McpError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(McpError::io("create", folder))?;
        let facts = fs::metadata(folder).map_err(McpError::io("read", folder))?;
        let mode = facts.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(McpError::Exposed { folder: folder.to_path_buf(), mode });
        }
        match std::os::unix::net::UnixStream::connect(path) {
            Ok(_) => return Err(McpError::InUse { path: path.to_path_buf() }),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) if error.kind() == ErrorKind::ConnectionRefused && is_socket(path) => {
                fs::remove_file(path).map_err(McpError::io("replace", path))?;
            }
            Err(source) => return Err(McpError::Io { what: "bind", path: path.to_path_buf(), source }),
        }
        let listener = UnixListener::bind(path).map_err(McpError::io("bind", path))?;
        Ok(Self { listener, path: path.to_path_buf() })
    }

    /// Where the socket is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Serves every client that greets, each in a session of its own, until `stop` is cancelled; then lets the calls
    /// at work come to their end.
    pub async fn serve(
        self,
        app: Sprintgate,
        make_session: impl Fn(Option<Secret>) -> Session + Send + Sync + 'static,
        stop: CancellationToken,
    ) {
        let make_session = Arc::new(make_session);
        let clients = TaskTracker::new();
        loop {
            let stream = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            match stream {
                Ok(_) if clients.len() >= CLIENTS => {
                    tracing::warn!(clients = CLIENTS, "turned an agent away: too many are connected");
                }
                Ok((stream, _)) => {
                    let (app, make_session, stop) = (app.clone(), make_session.clone(), stop.clone());
                    clients.spawn(async move { client(app, &*make_session, stream, stop).await });
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
        clients.close();
        clients.wait().await;
    }
}

fn is_socket(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|facts| facts.file_type().is_socket())
}

async fn client(
    app: Sprintgate,
    make_session: &(impl Fn(Option<Secret>) -> Session + Sync),
    stream: UnixStream,
    stop: CancellationToken,
) {
    let (reader, writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let greeted = tokio::select! {
        () = stop.cancelled() => return,
        greeted = greeting::receive(&mut reader, greeting::PATIENCE) => greeted,
    };
    let token = match greeted {
        Ok(token) => token,
        Err(error) => return tracing::warn!(%error, "turned a client away"),
    };
    let session = Arc::new(make_session(token));
    if let Err(error) = serve_stream(app, session, reader, writer, stop).await {
        tracing::warn!(%error, "a connection ended badly");
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.path.display(), "the socket stays behind");
        }
    }
}
