//! A small story, and copies of its database that somebody with the file in his hands has changed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use sprintgate::cli::tables::json;
use sprintgate::domain::law::machines;
use sprintgate::flow::wire::AuditReport;
use sprintgate::flow::wire::ReportStatus::{Failed, Running};
use sprintgate::flow::{Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::sqlite::{Clock, SqliteStore};

use crate::flow::world::World;

/// What the sqlite3 program prints, or why it refuses.
pub(super) fn sqlite(database: &Path, sql: &str) -> Result<String, String> {
    let out = Command::new("sqlite3")
        .arg(database)
        .arg(sql)
        .output()
        .expect("the sqlite3 program (apt-get install sqlite3)");
    let text = |bytes| String::from_utf8(bytes).unwrap().trim_end().to_owned();
    if out.status.success() { Ok(text(out.stdout)) } else { Err(text(out.stderr)) }
}

/// The use cases over another database.
pub(super) async fn open(database: &Path) -> (Sprintgate, Arc<SqliteStore>) {
    let folder = database.parent().unwrap();
    let store = Arc::new(SqliteStore::open(database, Clock::Database).await.unwrap());
    let git = Git::new(GitSettings {
        worktree_root: folder.join("worktrees"),
        vault_root: folder.join("vault"),
        timeout: Duration::from_secs(60),
        credential_helper: None,
    })
    .unwrap();
    (Sprintgate::new(store.clone(), git, Settings::default()), store)
}

/// One job is done, one has failed, one was cancelled by that; two checkpoints bind it all up to the claim of the second.
pub(super) struct Story {
    pub(super) world: World,
    /// The hash of the last checkpoint.
    pub(super) kept: String,
}

impl Story {
    pub(super) async fn told() -> Self {
        let world = World::new().await;
        let first: &[_] = &[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")];
        world.begin(&[first, &[("three", "- `src/c.rs`", "ANY")]]).await;
        let job = world.claim(&world.worker).await;
        world.report(&world.worker, &job, Running).await.unwrap();
        world.app.audit_checkpoint().await.unwrap();
        world.carry_out(&world.worker, &job, "src/a.rs").await;
        let second = world.claim(&world.worker).await;
        let kept = world.app.audit_checkpoint().await.unwrap().last.unwrap();
        assert_eq!(kept.number, 2);
        world.report(&world.worker, &second, Failed).await.unwrap();
        let report = world.app.audit_verify().await.unwrap();
        assert!(report.ok && report.checkpoints == 2 && report.unbound_rows > 3, "{report:#?}");
        Self { world, kept: kept.hash }
    }

    /// One value of the database.
    pub(super) fn ask(&self, sql: &str) -> String {
        sqlite(&self.world.dir.path().join("db"), sql).unwrap()
    }

    /// A copy, changed as the owner of the file can: the guards are switched off first.
    pub(super) fn copy(&self, name: &str, sql: &str) -> PathBuf {
        let folder = self.world.dir.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let copy = folder.join("db");
        self.ask(&format!("VACUUM INTO '{}'", copy.display()));
        tamper(&copy, sql);
        copy
    }
}

pub(super) fn tamper(database: &Path, sql: &str) {
    let list = "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'";
    let triggers = sqlite(database, list).unwrap();
    sqlite(database, &format!("PRAGMA ignore_check_constraints = ON; {triggers} {sql}")).unwrap();
}

/// What `audit verify` says of a database, and what the script says of its bundle.
pub(super) async fn both(database: &Path, expected: Option<&str>) -> (AuditReport, String) {
    let (app, _) = open(database).await;
    let report = match expected {
        Some(hash) => app.audit_verify_expecting(hash).await.unwrap(),
        None => app.audit_verify().await.unwrap(),
    };
    let bundle = database.with_file_name("bundle");
    app.audit_export(&bundle, &json(&machines()).unwrap()).await.unwrap();
    let (ok, said) = script(&bundle, expected);
    assert_eq!(ok, report.ok, "verify and the script differ\n{:#?}\n{said}", report.findings);
    (report, said)
}

/// Whether the script finds nothing, and what it says.
pub(super) fn script(bundle: &Path, expected: Option<&str>) -> (bool, String) {
    let arguments: Vec<&str> = expected.into_iter().flat_map(|hash| ["--expect", hash]).collect();
    let (status, said) = asked(bundle, &arguments);
    assert!(matches!(status, 0 | 1), "{said}");
    (status == 0, said)
}

/// The script's status and what it says; it says why it refuses arguments, and never fails in its middle.
pub(super) fn asked(bundle: &Path, arguments: &[&str]) -> (i32, String) {
    let out = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/check_bundle.py"))
        .arg(bundle)
        .args(arguments)
        .output()
        .expect("python3, 3.9 or newer");
    let (said, failed) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap());
    assert!(failed.is_empty() || failed.starts_with("usage: "), "{said}\n{failed}");
    (out.status.code().unwrap(), said + &failed)
}
