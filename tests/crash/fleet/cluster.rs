//! A PostgreSQL server of a test's own, which it may end in every way. Unlike the tests' common one it keeps what it
//! commits on the disk. It ends with the thread that made it.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::crash::shop::until;

const SOON: Duration = Duration::from_secs(60);

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Every session is ended, and its transaction undone.
    Fast,
    /// Nothing is tidied up; the next start recovers from the log.
    Immediate,
    /// As in a crash, and those who served the sessions find out by themselves.
    Killed,
}

impl End {
    pub(super) const ALL: [Self; 3] = [Self::Fast, Self::Immediate, Self::Killed];

    fn signal(self) -> Signal {
        match self {
            Self::Fast => Signal::INT,
            Self::Immediate => Signal::QUIT,
            Self::Killed => Signal::KILL,
        }
    }
}

pub(super) struct Cluster {
    folder: tempfile::TempDir,
    /// The user that the server runs as, when we are root, whom it refuses.
    user: Option<String>,
    bin: PathBuf,
    server: Option<Child>,
}

impl Cluster {
    pub(super) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("sg-pg-").tempdir().unwrap();
        let user = rustix::process::getuid().is_root().then(|| {
            let known = |name: &&str| said("id", &["-u", name]).is_some();
            ["postgres", "nobody"].into_iter().find(known).unwrap().to_owned()
        });
        if let Some(user) = &user {
            said("chown", &[user, folder.path().to_str().unwrap()]).unwrap();
        }
        let mut cluster = Self { folder, user, bin: bin(), server: None };
        let mut init = cluster.command("initdb", &[]);
        init.args(["--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]);
        let made = init.arg("--pgdata").arg(cluster.data()).stdout(Stdio::null()).status().unwrap();
        assert!(made.success());
        cluster.start();
        cluster
    }

    pub(super) fn url(&self) -> String {
        format!("postgres:///postgres?host={}&user=postgres", self.folder.path().display())
    }

    pub(super) fn start(&mut self) {
        let folder = self.folder.path().to_owned();
        until(SOON, "a server that runs", || {
            // Those whom a killed server leaves behind keep the next one from starting until they have noticed.
            let runs = self.server.as_mut().is_some_and(|server| server.try_wait().unwrap().is_none());
            if !runs {
                let mut serve = self.command("postgres", &["setpriv", "--pdeathsig", "QUIT"]);
                serve.arg("-D").arg(self.data()).arg("-k").arg(&folder);
                serve.args(["-c", "listen_addresses=", "-c", "fsync=on", "-c", "max_connections=200"]);
                self.server = Some(serve.stdout(Stdio::null()).stderr(self.log()).spawn().unwrap());
            }
            self.query("SELECT 1").map(drop)
        });
    }

    pub(super) fn stop(&mut self, how: End) {
        let mut server = self.server.take().unwrap();
        let pid = Pid::from_child(&server);
        kill_process(pid, how.signal()).unwrap();
        server.wait().unwrap();
    }

    /// What the server says to a query, a row a line, its columns between bars; nothing while it is not there.
    pub(super) fn query(&self, sql: &str) -> Option<String> {
        UnixStream::connect(self.folder.path().join(".s.PGSQL.5432")).ok()?;
        let host = self.folder.path().to_str().unwrap();
        said("psql", &["-h", host, "-U", "postgres", "-XAtc", sql])
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> fs::File {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("postgres.faults.log");
        fs::OpenOptions::new().create(true).append(true).open(path).unwrap()
    }

    /// A program of the server's, run as its user.
    fn command(&self, program: &str, before: &[&str]) -> Command {
        let mut command = Command::new("env");
        if let Some(user) = &self.user {
            let group = said("id", &["-g", user]).unwrap();
            command.args(["setpriv", "--reuid", user, "--regid", &group, "--clear-groups"]);
        }
        command.args(before).arg(self.bin.join(program)).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.stop(End::Immediate);
        }
    }
}

/// Where the newest server's programs are.
fn bin() -> PathBuf {
    let line = "ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 | grep . || dirname \"$(command -v postgres)\"";
    PathBuf::from(said("sh", &["-c", line]).unwrap())
}

/// What a program prints, if it succeeds.
fn said(program: &str, args: &[&str]) -> Option<String> {
    let out = Command::new(program).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().unwrap();
    out.status.success().then(|| String::from_utf8(out.stdout).unwrap().trim().to_owned())
}
