//! A shop whose origin stands behind a forge, and can be put back to where it was.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;
use sprintgate::domain::forge::ForgeKind::Forgejo;
use tempfile::TempDir;

use super::traced::Traced;
use crate::crash::shop::{Shop, done, sh, until};
use crate::forge::ground::CANARY;
use crate::forge::server::{Pull, Server};

const SOON: Duration = Duration::from_secs(60);
/// The origin's address: ssh of that name leads to the folder.
const URL: &str = "ssh://git@127.0.0.1/shop/basket.git";
const SSH: &str = "#!/bin/sh\nfor asked; do :; done\nexec ${asked%% *} \"$HOME/origin.git\"\n";
/// Passes over effects that it may take until none is left.
const PASSES: usize = 40;

pub(super) struct Ground {
    pub(super) shop: Shop,
    pub(super) forge: Server,
    pub(super) traced: Traced,
    /// The home as it was saved, and what is no part of it.
    aside: TempDir,
    pulls: Vec<Pull>,
}

impl Ground {
    /// With a product whose plan has so many stories with so many tasks each, and a sprint of it.
    pub(super) async fn new(stories: &[usize], product: &[&str]) -> Self {
        let shop = Shop::founded(None, 1);
        let root = shop.root();
        let ssh = root.join("bin/ssh");
        fs::create_dir(root.join("bin")).unwrap();
        fs::write(&ssh, SSH).unwrap();
        fs::set_permissions(ssh, fs::Permissions::from_mode(0o755)).unwrap();
        let forge = Server::showing(&shop.origin()).await;
        let aside = TempDir::new().unwrap();
        let ground = Self { traced: Traced::new(aside.path()), shop, forge, aside, pulls: Vec::new() };
        ground.list_forge();
        let add = ["product", "add", "App", "--clone", "clone", "--repo-url", URL];
        ground.shop.ok(&[&add, product].concat());
        fs::write(root.join("plan.md"), plan(stories)).unwrap();
        ground.shop.ok(&["import", "plan.md"]);
        ground.shop.ok(&["sprint", "start"]);
        ground
    }

    fn list_forge(&self) {
        let (root, host) = (self.shop.root(), self.forge.host(Forgejo));
        let (config, token) = (root.join(".config/sprintgate/config.toml"), root.join("token"));
        fs::write(&token, CANARY).unwrap();
        fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
        let text = fs::read_to_string(&config).unwrap();
        let forge = format!(
            "[[forges]]\nhost = '{host}'\nkind = 'forgejo'\napi = 'http://{host}/api/v1'\ntoken_file = '{}'",
            token.display()
        );
        fs::write(config, format!("{text}\n{forge}\n")).unwrap();
    }

    fn saved(&self) -> PathBuf {
        self.aside.path().join("home")
    }

    /// Remembers how everything is.
    pub(super) fn save(&mut self) {
        self.shop.quiet();
        sh(self.aside.path(), &format!("cp -a {} {}", self.shop.root().display(), self.saved().display()));
        self.pulls.clone_from(&self.forge.state().pulls);
    }

    /// Puts everything back to how it was saved.
    pub(super) fn restore(&self) {
        let root = self.shop.root();
        let line = "find . -mindepth 1 -maxdepth 1 -exec rm -rf {} + && cp -a";
        sh(&root, &format!("{line} {}/. .", self.saved().display()));
        self.forge.state().pulls.clone_from(&self.pulls);
    }

    pub(super) fn sql(&self, sql: &str) -> String {
        let database = self.shop.database();
        sh(&self.shop.root(), &format!("sqlite3 -cmd '.timeout 5000' {} \"{sql}\"", database.display()))
    }

    /// What a command says; whoever is killed with it is followed by somebody who says the same once more.
    #[track_caller]
    pub(super) fn says(&mut self, args: &[&str]) -> String {
        loop {
            let Some(out) = self.traced.run(&self.shop, args) else { continue };
            assert!(out.status.success(), "{args:?}: {out:?}");
            return String::from_utf8(out.stdout).unwrap();
        }
    }

    /// What a tool says, called in that way.
    #[track_caller]
    pub(super) fn call(&mut self, tool: &str, args: &Value) -> Value {
        serde_json::from_str(&self.says(&["call", tool, &args.to_string()])).unwrap()
    }

    /// Has all effects done, whatever they wait for.
    #[track_caller]
    pub(super) fn effects_end(&mut self) {
        for _ in 0..PASSES {
            self.sql(
                "UPDATE effects SET due_at = 1 WHERE status IN ('PENDING', 'RETRY'); \
                 UPDATE effects SET lease_until = 1 WHERE status = 'RUNNING'",
            );
            let open = "SELECT count(*) FROM effects WHERE status IN ('PENDING', 'RETRY', 'RUNNING')";
            if self.sql(open) == "0" {
                return;
            }
            self.says(&["effects", "run"]);
        }
        panic!("effects do not end: {}", self.shop.json(&["effects", "list"]));
    }

    /// Says done, and dies when that stands: the pull request is still to be opened.
    pub(super) fn done_without_pull_request(&self, job: &Value) {
        let mut child = self.in_background(&["call", "update_job_status", &done(job).to_string()]);
        let is_done = "SELECT count(*) FROM pull_requests WHERE status = 'BRANCH_PUSHED'";
        until(SOON, "a branch that is pushed", || (self.sql(is_done) == "1").then_some(()));
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Says done while somebody opens pull requests, and merges what can be merged.
    pub(super) fn done_and_opened(&mut self, job: &Value) {
        let mut executor = self.in_background(&["effects", "run", "--forever"]);
        let (refused, answer) = self.shop.tool("update_job_status", &done(job));
        executor.kill().unwrap();
        executor.wait().unwrap();
        assert!(!refused && answer["status"] == "done", "{answer}");
        self.shop.quiet();
        self.effects_end();
    }

    fn in_background(&self, args: &[&str]) -> Child {
        let mut command = self.shop.command(args);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Waits until every worktree of an ended attempt may go, and that many are there at least.
    pub(super) fn all_may_go(&self, folders: usize) {
        // It takes a lease, and nothing tells of its end.
        let (_keep, never) = mpsc::channel::<()>();
        until(SOON, "the end of what may still be used", || {
            let _ = never.recv_timeout(Duration::from_millis(50));
            let said = self.shop.json(&["worktree", "clean", "--dry-run"]);
            let fates = said["details"].as_array()?.iter().map(|one| one["fate"].as_str());
            let (goes, stays): (Vec<_>, Vec<_>) = fates.partition(|fate| *fate == Some("goes"));
            (goes.len() >= folders && stays.is_empty()).then_some(())
        });
    }
}

fn plan(stories: &[usize]) -> String {
    let mut text = "---\npbi: {title: item, priority: 1}\nstories:\n".to_owned();
    for (story, tasks) in stories.iter().enumerate() {
        text += &format!("- title: story {story}\n  priority: 1\n  tasks:\n");
        for task in 0..*tasks {
            text += &format!(
                "  - {{title: task {story}.{task}, priority: 1, implementation_plan: \"Change `src/work`\"}}\n"
            );
        }
    }
    text + "---\n"
}
