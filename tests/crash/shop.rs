//! A home folder with an origin, a clone, a product and a sprint, and the program run in it. Whatever runs with this
//! folder as its home is killed when the shop is dropped.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::kill;

pub(super) struct Shop {
    dir: TempDir,
}

impl Shop {
    /// With a sprint of so many stories of one task each, and so of as many branches, and a lease of so many seconds.
    pub(super) fn open(jobs: usize, lease: u32) -> Self {
        Self::filled(None, jobs, lease)
    }

    /// The same in the database at a URL.
    pub(super) fn at(url: &str, jobs: usize, lease: u32) -> Self {
        Self::filled(Some(url), jobs, lease)
    }

    fn filled(url: Option<&str>, jobs: usize, lease: u32) -> Self {
        let shop = Self::founded(url, lease);
        shop.ok(&["product", "add", "App", "--clone", "clone"]);
        fs::write(shop.root().join("plan.md"), plan(jobs)).unwrap();
        shop.ok(&["import", "plan.md"]);
        shop.ok(&["sprint", "start"]);
        shop
    }

    /// Without a product.
    pub(super) fn founded(url: Option<&str>, lease: u32) -> Self {
        let shop = Self { dir: TempDir::new().unwrap() };
        sh(
            &shop.root(),
            "git init -q --bare -b main origin.git && git clone -q origin.git clone 2>/dev/null && cd clone \
             && git checkout -q -b main && mkdir src && echo start > src/start && git add -A \
             && git commit -qm start && git push -q origin main",
        );
        let mut init = shop.command(&["init"]);
        // Later commands read it in the config file.
        init.envs(url.map(|url| ("SPRINTGATE_DATABASE_URL", url)));
        assert!(init.stdout(Stdio::null()).status().unwrap().success());
        shop.set_lease(lease);
        shop
    }

    pub(super) fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }

    pub(super) fn origin(&self) -> PathBuf {
        self.root().join("origin.git")
    }

    pub(super) fn clone_dir(&self) -> PathBuf {
        self.root().join("clone")
    }

    fn data(&self) -> PathBuf {
        self.root().join(".local/share/sprintgate")
    }

    pub(super) fn database(&self) -> PathBuf {
        self.data().join("sprintgate.db")
    }

    /// Where the vaults are.
    pub(super) fn vaults(&self) -> PathBuf {
        self.data().join("vault")
    }

    /// The one vault; it is made by the first claim.
    pub(super) fn vault(&self) -> Option<PathBuf> {
        let mut paths = fs::read_dir(self.vaults()).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
        paths.find(|path| path.extension().is_some_and(|end| end == "git"))
    }

    /// Where the attempts work.
    pub(super) fn worktrees(&self) -> PathBuf {
        self.root().join(".sprintgate-worktrees")
    }

    /// The program; those in the shop's own `bin` are found before all others.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sprintgate"));
        command.args(args).current_dir(self.root()).env_clear();
        let path = format!("{}:{}", self.root().join("bin").display(), std::env::var("PATH").unwrap());
        command.env("HOME", self.root()).env("USER", "ann").env("PATH", path);
        command
    }

    pub(super) fn run(&self, args: &[&str], stdin: &str) -> Output {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        child.wait_with_output().unwrap()
    }

    #[track_caller]
    pub(super) fn ok(&self, args: &[&str]) -> String {
        let out = self.run(args, "");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    #[track_caller]
    pub(super) fn json(&self, args: &[&str]) -> Value {
        let text = self.ok(&[args, &["--json"]].concat());
        serde_json::from_str(&text).unwrap()
    }

    /// A tool's answer through `call`, and whether it refused.
    pub(super) fn tool(&self, tool: &str, args: &Value) -> (bool, Value) {
        let out = self.run(&["call", tool, "-"], &args.to_string());
        let text = String::from_utf8_lossy(&out.stdout);
        let why = || format!("{tool}: {text} {}", String::from_utf8_lossy(&out.stderr));
        (!out.status.success(), serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}", why())))
    }

    /// Claims a job, as soon as there is one to claim.
    #[track_caller]
    pub(super) fn claim(&self) -> Value {
        until(Duration::from_secs(10), "a job to claim", || {
            let (refused, answer) = self.tool("wait_for_job", &json!({ "wait_seconds": 1 }));
            assert!(!refused, "{answer}");
            (answer["status"] == "claimed").then_some(answer)
        })
    }

    /// Carries out a claimed job by calls of the program.
    pub(super) fn finish(&self, job: &Value, text: &str) -> Value {
        let head = work(job, text);
        let (_, seen) = self.tool(
            "verify_task_against_plan",
            &json!({ "task_id": job["task"]["id"], "attempt": job["attempt"] }),
        );
        assert_eq!((&seen["result"], &seen["head_sha"]), (&json!("aligned"), &json!(head)), "{seen}");
        self.tool("update_job_status", &done(job)).1
    }

    pub(super) fn jobs(&self) -> Vec<Value> {
        self.json(&["job", "list", "--limit", "200"]).as_array().unwrap().clone()
    }

    pub(super) fn show(&self, job: &Value) -> Value {
        self.json(&["job", "show", job["job_id"].as_str().unwrap()])
    }

    /// Where the branch of a job is at the origin.
    pub(super) fn published(&self, job: &Value) -> Option<String> {
        let branch = job["branch"].as_str().or(job["branch_name"].as_str()).unwrap();
        let out = git(&self.origin(), &["rev-parse", "--verify", "-q", &format!("refs/heads/{branch}")]);
        out.status.success().then(|| String::from_utf8(out.stdout).unwrap().trim().to_owned())
    }

    /// Writes a hook of the origin.
    pub(super) fn hook(&self, name: &str, lines: &str) {
        let path = self.origin().join("hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Leases of so many seconds from now on.
    pub(super) fn set_lease(&self, seconds: u32) {
        let config = self.root().join(".config/sprintgate/config.toml");
        let text = fs::read_to_string(&config).unwrap();
        let rest = text.lines().filter(|line| !line.starts_with("lease_seconds"));
        let lines: Vec<String> = rest.map(str::to_owned).collect();
        fs::write(&config, format!("lease_seconds = {seconds}\n{}\n", lines.join("\n"))).unwrap();
    }

    /// Lets the leases of all jobs end now.
    pub(super) fn leases_run_out(&self) {
        let sql = "UPDATE claude_jobs SET lease_until = 1 WHERE lease_until IS NOT NULL";
        sh(&self.root(), &format!("sqlite3 -cmd '.timeout 5000' {} '{sql}'", self.database().display()));
    }

    /// Sweeps until no job is held any more.
    #[track_caller]
    pub(super) fn expire_all(&self) {
        until(Duration::from_secs(10), "the end of every lease", || {
            self.ok(&["sweep"]);
            self.jobs().iter().all(|job| job["lease_until"].is_null()).then_some(())
        });
    }

    /// Somebody else pushes to `main`, makes a branch and removes an older one.
    pub(super) fn main_moves(&self) {
        let line = "git commit -q --allow-empty -m more && git push -q origin HEAD:main && b=$(git rev-parse HEAD) \
                    && if [ -f old ]; then git push -q origin \":$(cat old)\"; fi \
                    && git push -q origin HEAD:refs/heads/other/$b && echo refs/heads/other/$b > old";
        let other = self.root().join("other");
        if !other.exists() {
            sh(&self.root(), "git clone -q origin.git other");
        }
        sh(&other, line);
    }

    /// Waits until nothing runs that a killed process had started.
    #[track_caller]
    pub(super) fn quiet(&self) {
        let home = self.root();
        until(Duration::from_secs(20), "the end of what was started", || {
            kill::of(&home).is_empty().then_some(())
        });
    }

    /// The ledger, the law and the tables agree, and every repository is whole.
    #[track_caller]
    pub(super) fn sound(&self) {
        let audit = self.json(&["audit", "verify"]);
        assert_eq!(audit["ok"], true, "{audit}");
        for repository in [Some(self.clone_dir()), Some(self.origin()), self.vault()].into_iter().flatten() {
            let out = git(&repository, &["fsck", "--no-progress", "--no-dangling", "--strict"]);
            let said = [out.stdout, out.stderr].concat();
            let text = String::from_utf8_lossy(&said);
            assert!(out.status.success() && !text.contains("error"), "{}: {text}", repository.display());
        }
    }

    /// Tidies until no folder of an ended attempt is left.
    #[track_caller]
    pub(super) fn tidied(&self) {
        until(Duration::from_secs(60), "a tidy that leaves nothing", || {
            let tidied = self.json(&["worktree", "clean"]);
            (tidied["kept"] == json!([]) && tidied["skipped"] == json!([])).then_some(())
        });
        assert_eq!(fs::read_dir(self.worktrees()).map_or(0, Iterator::count), 0);
        // nothing of a job is in a person's clone
        let refs =
            "git for-each-ref --format='%(refname)' | grep -v '^refs/remotes/\\|^refs/heads/main$' || true";
        assert_eq!(sh(&self.clone_dir(), refs), "");
    }

    /// Every line of every file that any ref of the vault or the origin reaches, each after a `+`.
    pub(super) fn reached(&self) -> String {
        let list = "git rev-list --objects --all | cut -d' ' -f1 | git cat-file --batch-check \
                    | awk '$2 == \"blob\" { print $1 }' | git cat-file --batch | sed 's/^/+/'";
        sh(&self.vault().unwrap(), &format!("{} && {list}", self.refreshed()))
    }

    /// Everything that any ref of the vault or the origin keeps, with its changes.
    pub(super) fn kept(&self) -> String {
        sh(&self.vault().unwrap(), &format!("{} && git log --all -m -p", self.refreshed()))
    }

    /// Brings the branches of the origin into the vault, by plain git: that waits at locks of refs which who died left, and
    /// which the program breaks when it needs the ref.
    fn refreshed(&self) -> String {
        format!(
            "mkdir -p refs/remotes && find refs/remotes -name '*.lock' -delete && \
             git fetch -q --prune {} '+refs/heads/*:refs/remotes/origin/*'",
            self.origin().display()
        )
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        kill::all_of(&self.root());
    }
}

/// A plan of so many stories of one task each.
pub(super) fn plan(jobs: usize) -> String {
    let mut text = "---\npbi: {title: item, priority: 1}\nstories:\n".to_owned();
    for number in 0..jobs {
        text += &format!(
            "- title: story {number}\n  priority: 1\n  tasks:\n  - {{title: task {number}, priority: 1, \
             implementation_plan: \"Change `src/work`\"}}\n"
        );
    }
    text + "---\n"
}

/// Writes a line into the job's worktree and commits it.
pub(super) fn work(job: &Value, text: &str) -> String {
    write(job, text);
    commit(job)
}

pub(super) fn write(job: &Value, text: &str) {
    let path = Path::new(job["worktree_path"].as_str().unwrap()).join("src/work");
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(file, "{text}").unwrap();
}

pub(super) fn commit(job: &Value) -> String {
    let tree = Path::new(job["worktree_path"].as_str().unwrap());
    sh(tree, "git add -A && git commit -qm work && git rev-parse HEAD")
}

pub(super) fn done(job: &Value) -> Value {
    json!({ "job_id": job["job_id"], "attempt": job["attempt"], "status": "done" })
}

pub(super) fn git(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap()
}

#[track_caller]
pub(super) fn sh(folder: &Path, line: &str) -> String {
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "a").env(format!("GIT_{who}_EMAIL"), "a@example.org");
    }
    let out = command.output().unwrap();
    assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

/// Looks again and again, until there is something to see.
#[track_caller]
pub(super) fn until<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + limit;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        thread::yield_now();
    }
}
