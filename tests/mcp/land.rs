//! A machine to work on: a remote, a person's clone of it, a database, and one product.

use sprintgate::flow::wire::ProductView;
use sprintgate::flow::{AddProduct, Session, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::Secret;
use sprintgate::store::sqlite::{Clock, SqliteStore};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

use super::house::session;

pub(super) struct Land {
    pub(super) _dir: TempDir,
    pub(super) origin: PathBuf,
    pub(super) app: Sprintgate,
    pub(super) token: Secret,
    pub(super) product: ProductView,
}

impl Land {
    pub(super) async fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap();
        git(&root, &["init", "-q", "--bare", "-b", "main", "shop.git"]);
        git(&root, &["clone", "-q", "shop.git", "clone"]);
        let (origin, clone) = (root.join("shop.git"), root.join("clone"));
        std::fs::write(clone.join("README.md"), "A shop.\n").unwrap();
        commit(&clone, "seed");
        git(&clone, &["push", "-q", "origin", "HEAD:main"]);
        git(&clone, &["fetch", "-q"]);

        let store = SqliteStore::open(&root.join("sprintgate.db"), Clock::Database).await.unwrap();
        let settings = GitSettings {
            worktree_root: root.join("worktrees"),
            vault_root: root.join("vaults"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        };
        let roots = BTreeMap::from([("shop".to_owned(), clone)]);
        let settings_of_flow = Settings { repo_roots: roots, ..Settings::default() };
        let app = Sprintgate::new(Arc::new(store), Git::new(settings).unwrap(), settings_of_flow);
        let (_, token) = app.enrol("ada", "tests").await.unwrap();
        let ask = AddProduct {
            name: "Shop".to_owned(),
            repo_url: Some(origin.display().to_string()),
            ..AddProduct::default()
        };
        let product = app.add_product(&session(Some(&token)), ask).await.unwrap();
        Self { _dir: dir, origin, app, token, product }
    }

    pub(super) fn session(&self) -> Session {
        session(Some(&self.token))
    }
}

/// Commits everything in the folder.
pub(super) fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "-A"]);
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-q", "-m", message];
    git(folder, &who);
}

pub(super) fn git(folder: &Path, args: &[&str]) -> String {
    let out = Command::new("git").current_dir(folder).args(args).output().unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}
