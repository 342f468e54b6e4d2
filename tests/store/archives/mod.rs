//! What ended long ago leaves for archives on every database: nothing is lost, everything stays verifiable, and whatever
//! somebody changes is named.

mod changed;
mod interrupted;
mod left;
mod people;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sprintgate::cli::tables;
use sprintgate::domain::effect::{AnyEffect, Effect, Kind, Pending};
use sprintgate::domain::job::LEASE;
use sprintgate::domain::law::machines;
use sprintgate::domain::time::Millis;
use sprintgate::domain::worktree::{self, Worktree};
use sprintgate::flow::wire::Archived;
use sprintgate::flow::{Archive, FlowError, Session, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::*;
use sqlx::AssertSqlSafe;

use super::ctx::{Ctx, commit, id, job_of, stamp, task};
use super::raw::connect;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The use cases over the same database and clock, and a folder for archives.
struct Keeper {
    app: Sprintgate,
    folder: tempfile::TempDir,
}

impl Keeper {
    async fn of(ctx: &Ctx) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let git = GitSettings {
            worktree_root: folder.path().join("worktrees"),
            vault_root: folder.path().join("vault"),
            timeout: Duration::from_secs(1),
            credential_helper: None,
        };
        let store = ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await;
        let app = Sprintgate::new(Arc::new(store), Git::new(git).unwrap(), Settings::default());
        Self { app, folder }
    }

    fn ask(&self, dry_run: bool) -> Archive {
        let law = tables::json(&machines()).unwrap();
        Archive { older_than: Millis(90 * DAY), to: self.folder.path().join("archives"), law, dry_run }
    }

    async fn archive(&self) -> Result<Archived, FlowError> {
        self.app.archive(&self.ask(false)).await
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join("archives").join(name)
    }

    /// What `audit verify` finds.
    async fn findings(&self) -> Vec<String> {
        let report = self.app.audit_verify().await.unwrap();
        assert_eq!(report.ok, report.findings.is_empty());
        report.findings
    }

    /// What an auditor's script says of a bundle of the ledger with this archive beside it.
    async fn script(&self, bundle: &str, archive: &Path) -> (bool, String) {
        self.script_of(bundle, &[archive.to_owned()]).await
    }

    /// The same with several.
    async fn script_of(&self, bundle: &str, archives: &[PathBuf]) -> (bool, String) {
        let to = self.folder.path().join(bundle);
        self.app.audit_export(&to, &tables::json(&machines()).unwrap()).await.unwrap();
        let mut arguments = vec![to.as_path(), Path::new("--archive")];
        arguments.extend(archives.iter().map(PathBuf::as_path));
        checked(&arguments)
    }
}

fn checked(arguments: &[&Path]) -> (bool, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/check_bundle.py");
    let out = Command::new("python3").arg(script).args(arguments).output().expect("python3, 3.9 or newer");
    let (said, failed) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap());
    assert_eq!(failed, "");
    (out.status.success(), said)
}

async fn any_effect(tx: &mut dyn Tx, name: &str) -> AnyEffect {
    AnyEffect::try_from(tx.effect(&id(name)).await.unwrap().unwrap().row).unwrap()
}

/// The person whose jobs these are.
fn ann() -> Session {
    Session::person(Some(&Secret::shown("t")), id("desk"))
}

impl Ctx {
    /// A job that is done after a first try that expired, which had a worktree and sent something; with a token of its
    /// attempt and an answer to it.
    async fn done(&self, name: &str) {
        let job = id(name);
        let mut tx = self.store.begin().await.unwrap();
        tx.add_task(&task(name), &stamp()).await.unwrap();
        let new = NewJob { branch: Some("feat/x".into()), repo_url: Some("shop.git".into()), ..job_of(name) };
        tx.add_job(&new, &stamp()).await.unwrap();
        tx.commit().await.unwrap();
        self.claim(&job).await;
        let mut tx = self.store.begin().await.unwrap();
        tx.note_sent(&job, 1, &commit('b')).await.unwrap();
        let idle = Worktree { job: job.clone(), attempt: 1, state: worktree::Idle };
        tx.add_worktree(&idle, &stamp()).await.unwrap();
        let over = idle.give_up(tx.now());
        tx.apply(Change::Worktree(over.into()), &stamp()).await.unwrap();
        tx.commit().await.unwrap();
        self.pass(LEASE.0 + 1);
        self.expire(&job).await;
        self.claim(&job).await;
        self.start(&job).await;
        let mut tx = self.store.begin().await.unwrap();
        let token = NewToken {
            id: id(&format!("of-{name}")),
            user: id("u"),
            hash: Secret::shown(name).hash(),
            kind: TokenKind::Attempt,
            label: None,
            expires_at: None,
            scope: Some((job.clone(), 2)),
        };
        tx.add_token(&token).await.unwrap();
        let answer = Answered { digest: "d".repeat(64), response: "{}".into() };
        tx.keep_answer(&token.id, "r", &answer).await.unwrap();
        tx.commit().await.unwrap();
        self.finish(&job).await;
    }

    /// An effect of a job, or of none, and whether it is done.
    async fn an_effect(&self, name: &str, job: Option<&str>, done: bool) {
        self.effect_in(name, job, None, done).await;
    }

    /// Has an effect that waits tried once, and refused by whoever it is for: it is given up.
    async fn refused(&self, name: &str) {
        let mut tx = self.store.begin().await.unwrap();
        let AnyEffect::Pending(pending) = any_effect(&mut *tx, name).await else {
            panic!("{name} does not wait")
        };
        let step = pending.start(id("w1"), tx.now(), LEASE).unwrap();
        tx.apply(Change::Effect(step.into()), &stamp()).await.unwrap();
        let AnyEffect::Running(running) = any_effect(&mut *tx, name).await else {
            panic!("{name} does not run")
        };
        let step = running.refuse(1, "no such repository", tx.now()).unwrap();
        tx.apply(Change::Effect(step.into()), &stamp()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The same in a lane.
    async fn effect_in(&self, name: &str, job: Option<&str>, lane: Option<&str>, done: bool) {
        let mut tx = self.store.begin().await.unwrap();
        let pending = Effect {
            id: id(name),
            kind: Kind::OpenPr,
            tries: 0,
            tries_max: 2,
            state: Pending { due_at: tx.now() },
        };
        let new = NewEffect {
            effect: pending.clone(),
            product: id("p"),
            job: job.map(id),
            payload: json!({"branch": "feat/x"}),
            host: None,
            lane: lane.map(str::to_owned),
            key: None,
        };
        tx.add_effect(&new, &stamp()).await.unwrap();
        if done {
            let now = tx.now();
            let step = pending.start(id("w1"), now, LEASE).unwrap();
            tx.apply(Change::Effect(step.into()), &stamp()).await.unwrap();
            let AnyEffect::Running(running) = any_effect(&mut *tx, name).await else {
                panic!("{name} does not run")
            };
            tx.apply(Change::Effect(running.succeed(1, now).unwrap().into()), &stamp()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn count(&self, of: &str) -> i64 {
        let mut raw = connect(self).await;
        let sql = AssertSqlSafe(format!("SELECT count(*) FROM {of}"));
        sqlx::query_scalar(sql).fetch_one(&mut raw).await.unwrap()
    }
}
