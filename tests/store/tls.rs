//! A server on the network: spoken to in secret, and only when it is the one that was meant.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use sprintgate::store::postgres::{Clock, PostgresStore};
use sprintgate::store::{Store, StoreError};
use tempfile::TempDir;

struct Server {
    process: Child,
    folder: TempDir,
    port: u16,
    /// What it goes on to say is little, and has room there.
    _log: BufReader<ChildStderr>,
}

impl Server {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        // The server's user has to come by.
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/tls.sh");
        let mut process = Command::new("bash")
            .arg(script)
            .arg(folder.path())
            .arg(port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut said = String::new();
        while !said.ends_with("database system is ready to accept connections\n") {
            assert!(log.read_line(&mut said).unwrap() > 0, "the server ended: {said}");
        }
        Self { process, folder, port, _log: log }
    }

    fn authority(&self) -> String {
        self.folder.path().join("ca.crt").display().to_string()
    }

    /// Opens its one database and tells the schema's version.
    async fn open(&self, query: &str) -> Result<i64, StoreError> {
        let url = format!("postgres://postgres@localhost:{}/postgres?{query}", self.port);
        let store = PostgresStore::open(&url, Clock::Database).await?;
        let version = store.schema_version().await;
        store.close().await;
        version
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn a_server_that_speaks_tls_only_is_reached_and_an_impostor_is_refused() {
    let server = Server::start();
    for good in [
        String::new(),
        "sslmode=require".into(),
        format!("sslmode=verify-ca&sslrootcert={}", server.authority()),
        format!("sslmode=verify-full&sslrootcert={}", server.authority()),
    ] {
        assert!(server.open(&good).await.unwrap() > 0, "{good}");
    }
    // Nobody whom the machine trusts has signed it.
    for refused in ["sslmode=verify-full", "sslmode=disable"] {
        let error = server.open(refused).await.expect_err(refused);
        assert!(matches!(error, StoreError::Open { .. }), "{refused}: {error}");
    }
    // Signed for another name than it is called by.
    let url = format!(
        "postgres://postgres@127.0.0.1:{}/postgres?sslmode=verify-full&sslrootcert={}",
        server.port,
        server.authority()
    );
    let error = PostgresStore::open(&url, Clock::Database).await.err().unwrap();
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
}
