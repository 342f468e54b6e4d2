//! A PostgreSQL server of the benchmark's own, with durable settings. The kernel ends it when this program dies, however
//! it dies; its folder goes when this program ends by itself.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;

/// How long the server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is not as `initdb` has it.
const SETTINGS: [&str; 10] = [
    "listen_addresses=",
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "shared_buffers=512MB",
    "max_connections=1200",
    "max_wal_size=4GB",
    "checkpoint_timeout=15min",
    "shared_preload_libraries=pg_stat_statements",
    "pg_stat_statements.track=all",
];

/// The server; dropping it ends it.
pub(crate) struct Server {
    folder: PathBuf,
    bin: PathBuf,
    postmaster: Child,
}

impl Server {
    /// Makes a cluster in a new folder and serves it on a socket there. The thread that calls this must live as long
    /// as the program: the server ends with it.
    pub(crate) fn start() -> Result<Self> {
        let bin = programs()?;
        let folder = std::env::temp_dir().join(format!("sprintgate-fleet-{}", std::process::id()));
        std::fs::create_dir(&folder)?;
        let user = user()?;
        if let Some(user) = &user {
            done(Command::new("chown").arg(user).arg(&folder))?;
        }
        let data = folder.join("data");
        done(as_user(user.as_deref(), &bin.join("initdb")).arg("--pgdata").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]))?;
        let mut start = as_user(user.as_deref(), Path::new("setpriv"));
        start.args(["--pdeathsig", "INT"]).arg(bin.join("postgres")).arg("-D").arg(&data);
        start.arg("-k").arg(&folder);
        for setting in SETTINGS {
            start.arg("-c").arg(setting);
        }
        let log = std::fs::File::create(folder.join("log"))?;
        let postmaster = start.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let server = Self { folder, bin, postmaster };
        let begun = Instant::now();
        while !server.answers()? {
            if begun.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(server.folder.join("log"))?;
                return Err(format!("no PostgreSQL after {PATIENCE:?}: {log}").into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    fn answers(&self) -> Result<bool> {
        Ok(self.tool("pg_isready").arg("--quiet").status()?.success())
    }

    /// A program of PostgreSQL that is told where the server is.
    pub(crate) fn tool(&self, name: &str) -> Command {
        let mut tool = Command::new(self.bin.join(name));
        tool.arg("--host").arg(&self.folder).arg("--username=postgres").stdin(Stdio::null());
        tool
    }

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.folder.display())
    }

    /// The id of its first process.
    pub(crate) fn process(&self) -> u32 {
        self.postmaster.id()
    }

    /// Makes an empty database, and says where it is.
    pub(crate) fn database(&self, name: &str) -> Result<String> {
        done(self.tool("createdb").arg(name))?;
        Ok(self.url(name))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT: sessions are ended, and the cluster is shut down in order.
        let told = Command::new("kill").arg("-INT").arg(self.postmaster.id().to_string()).status();
        if !told.is_ok_and(|status| status.success()) {
            let _ = self.postmaster.kill();
        }
        let _ = self.postmaster.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folder of the newest PostgreSQL there is.
fn programs() -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten() {
        let entry = entry?;
        if let Ok(version) = entry.file_name().to_string_lossy().parse() {
            found.push((version, entry.path().join("bin")));
        }
    }
    let newest = found.into_iter().max().map(|(_, bin)| bin);
    newest.ok_or_else(|| "there is no PostgreSQL in /usr/lib/postgresql".into())
}

/// Whom the server runs as when this program runs as root, whom it refuses.
fn user() -> Result<Option<String>> {
    let id = |args: &[&str]| Command::new("id").args(args).output();
    if id(&["-u"])?.stdout != b"0\n" {
        return Ok(None);
    }
    let there = id(&["postgres"])?.status.success();
    Ok(Some(if there { "postgres" } else { "nobody" }.to_owned()))
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--init-groups"]).arg(program);
    command.current_dir(std::env::temp_dir());
    command
}

/// Runs a program to its end.
pub(crate) fn done(command: &mut Command) -> Result<String> {
    let out = command.output()?;
    if !out.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&out.stderr)).into());
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}
