//! A home folder made anew for each test, and the real program run in it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Home {
    dir: TempDir,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    /// With `init` done.
    pub(crate) fn ready() -> Self {
        let home = Self::new();
        home.run(&["init"]).ok();
        home
    }

    /// With `init` done in the database at a URL, which only `init` is told.
    pub(crate) fn at(url: &str) -> Self {
        let home = Self::new();
        let mut init = home.command(&["init"]);
        init.env("SPRINTGATE_DATABASE_URL", url);
        answer(init, "").ok();
        home
    }

    /// With a product `App` whose clone has a commit on `main`.
    pub(crate) fn with_product() -> Self {
        Self::ready().and_product()
    }

    /// The same, of a home that is ready.
    pub(crate) fn and_product(self) -> Self {
        self.clone_of("app");
        self.run(&["product", "add", "App", "--clone", "clones/app"]).ok();
        self
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path().join(".config/sprintgate/config.toml")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path().join(".local/share/sprintgate/sprintgate.db")
    }

    /// The token of the config file.
    pub(crate) fn token(&self) -> String {
        let text = fs::read_to_string(self.config()).unwrap();
        let table: toml::Table = text.parse().unwrap();
        table["token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sprintgate"));
        command.args(args).current_dir(self.dir.path()).env_clear();
        command.env("HOME", self.path()).env("USER", "ann").env("PATH", std::env::var_os("PATH").unwrap());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Answer {
        answer(self.command(args), "")
    }

    pub(crate) fn run_with(&self, args: &[&str], stdin: &str) -> Answer {
        answer(self.command(args), stdin)
    }

    /// Makes `clones/<name>` with one commit, pushed to its origin `origins/<name>.git`.
    pub(crate) fn clone_of(&self, name: &str) -> PathBuf {
        let (origin, clone) = (format!("origins/{name}.git"), format!("clones/{name}"));
        let root = self.path();
        git(&root, &["init", "-q", "--bare", "-b", "main", &origin]);
        git(&root, &["clone", "-q", root.join(&origin).to_str().unwrap(), &clone]);
        let clone = root.join(clone);
        fs::write(clone.join("README.md"), "hello\n").unwrap();
        commit(&clone, "start");
        git(&clone, &["push", "-q", "origin", "HEAD:main"]);
        clone
    }
}

impl Answer {
    /// Done; what was printed.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.status, 0, "{}", self.stderr);
        self.stdout
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.ok()).unwrap()
    }

    /// The code of the error that was shown.
    pub(crate) fn code(&self) -> &str {
        let line = self.stderr.lines().find_map(|line| line.strip_prefix("error["));
        line.and_then(|line| line.split(']').next()).unwrap_or("no error")
    }

    /// Refused with this status and code.
    #[track_caller]
    pub(crate) fn refused(&self, status: i32, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}\n{}", self.stdout, self.stderr);
    }
}

pub(crate) fn answer(mut command: Command, stdin: &str) -> Answer {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // a program that refuses early does not read all of it
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let out = child.wait_with_output().unwrap();
    Answer {
        status: out.status.code().unwrap_or(-1),
        stdout: String::from_utf8(out.stdout).unwrap(),
        stderr: String::from_utf8(out.stderr).unwrap(),
    }
}

pub(crate) fn git(folder: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "user.name=T", "-c", "user.email=t@example.org"]).args(args);
    let out = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
}

pub(crate) fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", message]);
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

pub(crate) fn write(path: &Path, text: &str, mode: u32) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
