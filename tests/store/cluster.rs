//! A PostgreSQL server for the tests, one for all processes of a test run. It ends by itself soon after the last of
//! them, however that one ended: each holds a lock on a file while it lives, and the server's keeper waits for it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) struct Cluster {
    folder: PathBuf,
    /// Held as long as this process lives.
    _user: File,
}

impl Cluster {
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.folder.display())
    }
}

/// A number that no other database of this process has.
pub(crate) fn number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub(crate) fn started() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(start)
}

fn start() -> Cluster {
    let locks = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(locks).unwrap();
    let open = |name: &str| {
        File::options().read(true).write(true).create(true).truncate(false).open(locks.join(name)).unwrap()
    };
    let users = locks.join("postgres.users");
    let user = open("postgres.users");
    // A keeper that is just ending its server is waited for.
    user.lock_shared().unwrap();
    let one = open("postgres.start");
    one.lock().unwrap();
    // Short, because the path of a socket may not be long; another one for each checkout and user.
    let place = format!("{}{}", locks.display(), std::env::var("USER").unwrap_or_default());
    let folder = std::env::temp_dir()
        .join(format!("sprintgate-pg-{}", &sprintgate::store::digest(place.as_bytes())[..12]));
    let answers = || {
        folder.join("ready").exists()
            && std::os::unix::net::UnixStream::connect(folder.join(".s.PGSQL.5432")).is_ok()
    };
    if !answers() {
        let keeper = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/cluster.sh");
        let begun = Command::new("setsid")
            .args(["--fork", "bash"])
            .arg(keeper)
            .args([&folder, &users])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(locks.join("postgres.log")).unwrap())
            .spawn();
        let mut begun = begun.unwrap();
        // The keeper says so, or gives up.
        let mut said = String::new();
        BufReader::new(begun.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let log = || std::fs::read_to_string(locks.join("postgres.log")).unwrap_or_default();
        assert!(
            begun.wait().unwrap().success() && said == "ready\n" && answers(),
            "no PostgreSQL: {}",
            log()
        );
    }
    Cluster { folder, _user: user }
}
