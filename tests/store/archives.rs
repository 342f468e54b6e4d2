//! What ended long ago leaves for archives on every database: nothing is lost, everything stays verifiable, and whatever
//! somebody changes is named.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sprintgate::cli::tables;
use sprintgate::domain::effect::{AnyEffect, Effect, Kind, Pending};
use sprintgate::domain::job::{LEASE, Stop};
use sprintgate::domain::law::machines;
use sprintgate::domain::time::Millis;
use sprintgate::flow::wire::Archived;
use sprintgate::flow::{Archive, FlowError, Settings, Sprintgate, read_archive};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::*;
use sqlx::{AssertSqlSafe, Executor};

use super::ctx::{Ctx, id, job_of, stamp, task};
use super::database::{LOOSE_TYPES, columns, drop_trigger, statements, unguarded};
use super::raw::{attempt, connect};

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

    fn at(&self, name: &str) -> std::path::PathBuf {
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
        let to = self.folder.path().join(bundle);
        self.app.audit_export(&to, &tables::json(&machines()).unwrap()).await.unwrap();
        checked(&[&to, Path::new("--archive"), archive])
    }
}

fn checked(arguments: &[&Path]) -> (bool, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/check_bundle.py");
    let out = Command::new("python3").arg(script).args(arguments).output().expect("python3, 3.9 or newer");
    let (said, failed) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap());
    assert_eq!(failed, "");
    (out.status.success(), said)
}

impl Ctx {
    /// A job that is done after a first try that expired, with a token of its attempt and an answer to it.
    async fn done(&self, name: &str) {
        let job = self.job(name).await;
        self.claim(&job).await;
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
            lane: None,
        };
        tx.add_effect(&new, &stamp()).await.unwrap();
        if done {
            let now = tx.now();
            let step = pending.start(id("w1"), now, LEASE).unwrap();
            tx.apply(Change::Effect(step.into()), &stamp()).await.unwrap();
            let AnyEffect::Running(running) =
                AnyEffect::try_from(tx.effect(&id(name)).await.unwrap().unwrap().row).unwrap()
            else {
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

#[tokio::test]
async fn what_ended_long_ago_leaves_and_everything_holds() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("old").await;
    ctx.an_effect("e", Some("old"), true).await;
    ctx.pass(91 * DAY);
    ctx.done("young").await;
    ctx.job("open").await;
    let before = keeper.app.audit_verify().await.unwrap();

    let would = keeper.app.archive(&keeper.ask(true)).await.unwrap();
    assert_eq!((would.jobs, would.effects, would.archives.len()), (1, 1, 0));
    assert!(!keeper.at("").exists(), "a dry run writes nothing");
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.jobs, told.effects, told.resumed), (1, 1, 0), "{told:?}");
    assert_eq!((told.stay.len(), told.notes.len(), told.archives.len()), (0, 0, 2), "{told:?}");
    // job: create, claim, expire, claim, start, finish; two attempts: begun, ended; the effect: create, start, succeed
    assert_eq!(told.rows, 6 + 4 + 3);

    for (of, left) in [
        ("claude_jobs", 2),
        ("attempts", 2),
        ("effects", 0),
        ("requests", 1),
        ("ledger_archives", 2),
        ("ledger_seals", 13),
        ("api_tokens WHERE scope_job IS NOT NULL", 1),
        ("tasks", 3),
    ] {
        assert_eq!(ctx.count(of).await, left, "{of}");
    }
    let report = keeper.app.audit_verify().await.unwrap();
    assert!(report.ok, "{report:#?}");
    assert_eq!((report.rows, report.archived_rows), (before.rows - 13, 13));
    assert_eq!((report.archives, report.archived_entities), (2, 4));
    let last = report.last_archive.unwrap();
    assert!(
        keeper.app.audit_verify_expecting(&last.hash).await.unwrap().ok,
        "a record's hash can be kept elsewhere"
    );
    assert!(!keeper.app.audit_verify_expecting(&"0".repeat(64)).await.unwrap().ok);

    let at = keeper.at("archive-2");
    let alone = read_archive(&at);
    assert!(alone.ok, "{alone:#?}");
    assert_eq!((alone.rows, alone.entities, alone.table_rows), (10, 3, 3));
    assert!(
        keeper.app.audit_archives(&[keeper.at("archive-1"), at.clone()]).await.unwrap().iter().all(|a| a.ok)
    );
    let (ok, said) = checked(&[&at]);
    assert!(ok && said.starts_with("Everything fits."), "{said}");
    let (ok, said) = keeper.script("bundle", &at).await;
    assert!(ok && said.starts_with("Everything fits."), "{said}");
    let rows = fs::read_to_string(at.join("rows.jsonl")).unwrap();
    assert!(rows.contains("\"summary\"") && rows.contains("change `a.rs`") && !rows.contains("token_hash"));

    let again = keeper.archive().await.unwrap();
    assert_eq!((again.jobs, again.effects, again.archives.len()), (0, 0, 0));
    let Err(error) = keeper.app.audit_replay("old").await else { panic!("it is still there") };
    assert_eq!((error.code(), error.facts()["archive"].clone()), ("ARCHIVED", json!("archive-2")));
    assert_eq!(keeper.app.audit_replay("nobody").await.unwrap_err().code(), "NOT_FOUND");

    // Its task goes on, and everybody works on; only its id is taken for ever.
    let mut tx = ctx.store.begin().await.unwrap();
    let next = NewJob { task: Some(id("old")), ..job_of("next") };
    tx.add_job(&next, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    ctx.claim(&id("next")).await;
    let mut tx = ctx.store.begin().await.unwrap();
    let born_again = tx.add_job(&NewJob { task: None, idea: None, ..job_of("old") }, &stamp()).await;
    assert!(matches!(born_again, Err(StoreError::Duplicate { .. })), "{born_again:?}");
    drop(tx);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
    ctx.pass(91 * DAY);
    assert_eq!(keeper.archive().await.unwrap().jobs, 1);
    assert_eq!(keeper.app.audit_verify().await.unwrap().last_archive.unwrap().number, 3);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_something_refers_to_stays() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("free").await;
    ctx.done("asked").await;
    ctx.an_effect("pending", Some("asked"), false).await;
    ctx.run("r").await;
    let mut tx = ctx.store.begin().await.unwrap();
    for name in ["of-run", "cause", "effect"] {
        tx.add_task(&task(name), &stamp()).await.unwrap();
    }
    tx.add_job(&NewJob { run: Some(id("r")), ..job_of("of-run") }, &stamp()).await.unwrap();
    tx.add_job(&job_of("cause"), &stamp()).await.unwrap();
    tx.add_job(&job_of("effect"), &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    ctx.cancel(&id("of-run"), Stop::by_user("no")).await;
    ctx.cancel(&id("cause"), Stop::by_user("no")).await;
    ctx.cancel(&id("effect"), Stop::by_cascade(id("cause"))).await;
    ctx.pass(91 * DAY);

    let would = keeper.app.archive(&keeper.ask(true)).await.unwrap();
    let stay = |told: &Archived| told.stay.clone().into_iter().collect::<Vec<_>>();
    let one = |why: &str| (why.to_owned(), 1);
    assert_eq!(stay(&would), [one("cause"), one("effect"), one("run")]);
    let told = keeper.archive().await.unwrap();
    // A job that was cancelled because of another leaves first, and lets it go.
    assert_eq!((told.jobs, told.archives.len()), (3, 2), "{told:?}");
    assert_eq!(stay(&told), [one("effect"), one("run")]);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn whatever_somebody_changes_is_named() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("old").await;
    ctx.pass(91 * DAY);
    ctx.done("young").await;
    keeper.archive().await.unwrap();
    let mut raw = connect(&ctx).await;
    for (sql, said) in [
        ("DELETE FROM ledger WHERE entity = 'young'", "ledger: a row is never deleted"),
        ("DELETE FROM ledger_seals", "ledger_seals: a seal is never deleted"),
        ("UPDATE ledger_seals SET archive = 1", "ledger_seals: a seal is never changed"),
        ("DELETE FROM ledger_archives", "ledger_archives: an archive's record is never deleted"),
        ("UPDATE ledger_archives SET name = 'x'", "ledger_archives: an archive's record is never changed"),
        (
            "INSERT INTO ledger_archives SELECT number + 1, at, 'x', manifest, jobs, effects, row_count, seals, \
             prev_hash, hash FROM ledger_archives",
            "ledger_archives: an archive follows the one before it",
        ),
        (
            "INSERT INTO ledger_seals SELECT seq, machine, entity, entity_seq, prev_hash, 1 FROM ledger \
             WHERE entity = 'young' AND entity_seq = 2",
            "ledger_seals: a seal is of a row that a checkpoint binds",
        ),
        (
            "INSERT INTO ledger_seals SELECT 1000000, machine, entity, entity_seq, hash, 1 FROM ledger \
             WHERE entity = 'young' AND entity_seq = 2",
            "ledger_seals: a seal is of a row that a checkpoint binds",
        ),
    ] {
        assert_eq!(attempt(&mut raw, sql).await, Err(said.to_owned()), "{sql}");
    }
    // A row that no checkpoint binds yet gets no seal.
    ctx.job("fresh").await;
    let unbound = "INSERT INTO ledger_seals SELECT seq, machine, entity, entity_seq, hash, 1 FROM ledger \
        WHERE machine = 'job' AND entity = 'fresh'";
    assert_eq!(
        attempt(&mut raw, unbound).await,
        Err("ledger_seals: a seal is of a row that a checkpoint binds".to_owned())
    );

    for table in ["ledger", "ledger_seals", "ledger_archives", "claude_jobs", "attempts"] {
        let (bare, _) = unguarded(&mut raw, table).await;
        raw.execute(AssertSqlSafe(bare)).await.unwrap();
    }
    let other = "7".repeat(64);
    let at = "WHERE machine = 'job' AND entity = 'old' AND entity_seq = 3";
    for (what, change, back, named) in [
        (
            "a seal's hash",
            format!("UPDATE ledger_seals SET hash = '{other}' {at}"),
            format!("UPDATE ledger_seals SET hash = (SELECT hash FROM kept {at}) {at}"),
            vec!["it is not what checkpoint 1 binds", "archive 1 (archive-1): its seals are not those"],
        ),
        (
            "whose a seal is",
            format!("UPDATE ledger_seals SET entity = 'other' {at}"),
            "UPDATE ledger_seals SET entity = 'old' WHERE entity = 'other'".to_owned(),
            vec![
                "the seal of the entity's row 3 is missing",
                "archive 1 (archive-1): its seals are not those",
            ],
        ),
        (
            "a seal removed",
            format!("DELETE FROM ledger_seals {at}"),
            format!("INSERT INTO ledger_seals SELECT * FROM kept {at}"),
            vec![
                "behind it a row is missing that checkpoint 1 binds",
                "9 seals are there, its record says 10",
            ],
        ),
        (
            "a record",
            format!("UPDATE ledger_archives SET manifest = '{other}'"),
            "UPDATE ledger_archives SET manifest = (SELECT manifest FROM kept_archives)".to_owned(),
            vec!["archive 1 (archive-1): its record does not have its hash"],
        ),
    ] {
        raw.execute("CREATE TABLE kept AS SELECT * FROM ledger_seals").await.unwrap();
        raw.execute("CREATE TABLE kept_archives AS SELECT * FROM ledger_archives").await.unwrap();
        raw.execute(AssertSqlSafe(change)).await.unwrap();
        let found = keeper.findings().await.join("\n");
        for words in named {
            assert!(found.contains(words), "{what}: {words:?} is not in\n{found}");
        }
        let (ok, said) = keeper.script(&what.replace(' ', "-"), &keeper.at("archive-1")).await;
        assert!(!ok, "{what}: the script finds nothing\n{said}");
        raw.execute(AssertSqlSafe(back)).await.unwrap();
        raw.execute("DROP TABLE kept; DROP TABLE kept_archives").await.unwrap();
        assert_eq!(keeper.findings().await, Vec::<String>::new(), "{what}");
    }
    // A row that went without a seal, and a job that went without its ledger.
    let young = "machine = 'attempt' AND entity = 'young/1'";
    raw.execute(AssertSqlSafe(format!("CREATE TABLE gone AS SELECT * FROM ledger WHERE {young}")))
        .await
        .unwrap();
    raw.execute(AssertSqlSafe(format!("DELETE FROM ledger WHERE {young}"))).await.unwrap();
    keeper.app.audit_checkpoint().await.unwrap();
    let found = keeper.findings().await.join("\n");
    assert!(found.contains("attempt young/1: it has no ledger row"), "{found}");
    raw.execute("INSERT INTO ledger SELECT * FROM gone").await.unwrap();
    raw.execute("DELETE FROM attempts WHERE job_id = 'young' AND number = 1").await.unwrap();
    let found = keeper.findings().await.join("\n");
    assert!(found.contains("attempt young/1: the ledger knows it, its table does not"), "{found}");
}

#[tokio::test]
async fn a_changed_archive_is_named() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("old").await;
    ctx.pass(91 * DAY);
    keeper.archive().await.unwrap();
    let at = keeper.at("archive-1");
    let rows = at.join("rows.jsonl");
    let text = fs::read_to_string(&rows).unwrap();
    fs::write(&rows, text.replace("change `a.rs`", "change `b.rs`")).unwrap();
    let read = read_archive(&at);
    assert_eq!(read.findings, ["rows.jsonl: it is not what the manifest says"]);
    let (ok, said) = checked(&[&at]);
    assert!(!ok && said.contains("rows.jsonl: it does not have the hash that the manifest has"), "{said}");

    // Whoever changes a file can change the manifest, too: by itself the archive holds then.
    let path = at.join("manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    manifest["files"]["rows.jsonl"]["sha256"] = json!(digest(&fs::read(&rows).unwrap()));
    fs::write(&path, manifest.to_string()).unwrap();
    assert!(read_archive(&at).ok && checked(&[&at]).0);
    let together = &keeper.app.audit_archives(&[&at]).await.unwrap()[0];
    assert!(!together.ok && together.findings[0].starts_with("archive-1: its manifest is not the one"));
    let (ok, said) = keeper.script("bundle", &at).await;
    assert!(!ok && said.contains("its manifest is not the one that was recorded of archive-1"), "{said}");

    // The ledger's rows are bound by their chain, and by the seals.
    let ledger = at.join("ledger.jsonl");
    let text = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, text.replacen("\"event\":\"expire\"", "\"event\":\"release\"", 1)).unwrap();
    let found = read_archive(&at).findings.join("\n");
    assert!(found.contains("its content does not have its hash"), "{found}");
    assert_eq!(keeper.findings().await, Vec::<String>::new(), "the database itself holds");
}

/// Refuses what is done to a table, as if the process had died there.
async fn stop_at(ctx: &Ctx, verb: &str, table: &str) {
    let refuse = match LOOSE_TYPES {
        true => "BEGIN SELECT RAISE(ABORT, 'stopped'); END",
        false => "FOR EACH ROW EXECUTE FUNCTION refuse('stopped')",
    };
    let sql = format!("CREATE TRIGGER stopped BEFORE {verb} ON {table} {refuse}");
    connect(ctx).await.execute(AssertSqlSafe(sql)).await.unwrap();
}

async fn go_on(ctx: &Ctx, table: &str) {
    connect(ctx).await.execute(AssertSqlSafe(drop_trigger("stopped", table))).await.unwrap();
}

#[tokio::test]
async fn who_dies_anywhere_leaves_what_the_next_one_ends() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("old").await;
    ctx.pass(91 * DAY);
    // Written, not recorded.
    stop_at(&ctx, "INSERT", "ledger_archives").await;
    assert!(keeper.archive().await.is_err());
    assert!(keeper.at("archive-1.part").join("manifest.json").exists() && !keeper.at("archive-1").exists());
    assert_eq!((ctx.count("ledger_seals").await, ctx.count("claude_jobs").await), (0, 1));
    assert_eq!(keeper.findings().await, Vec::<String>::new());
    go_on(&ctx, "ledger_archives").await;
    // Recorded and sealed, not removed.
    for table in ["ledger", "api_tokens", "attempts", "claude_jobs"] {
        stop_at(&ctx, "DELETE", table).await;
        assert!(keeper.archive().await.is_err(), "{table}");
        go_on(&ctx, table).await;
        assert_eq!((ctx.count("ledger_archives").await, ctx.count("claude_jobs").await), (1, 1), "{table}");
        assert_eq!(keeper.findings().await, Vec::<String>::new(), "{table}");
    }
    // Not even given its name.
    fs::rename(keeper.at("archive-1"), keeper.at("archive-1.part")).unwrap();
    // Its archive is elsewhere, or another one: nothing is removed.
    fs::rename(keeper.at("archive-1.part"), keeper.at("elsewhere")).unwrap();
    let told = keeper.archive().await.unwrap();
    assert!(told.jobs == 0 && told.notes[0].contains("is not the archive that was recorded"), "{told:?}");
    fs::rename(keeper.at("elsewhere"), keeper.at("archive-1.part")).unwrap();
    let rows = fs::read(keeper.at("archive-1.part").join("rows.jsonl")).unwrap();
    fs::write(keeper.at("archive-1.part").join("rows.jsonl"), "").unwrap();
    let told = keeper.archive().await.unwrap();
    assert!(told.jobs == 0 && told.notes[0].contains("does not hold: "), "{told:?}");
    fs::write(keeper.at("archive-1").join("rows.jsonl"), rows).unwrap();
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.jobs, told.resumed, told.archives.len(), told.notes.len()), (1, 1, 0, 0), "{told:?}");
    assert_eq!(ctx.count("claude_jobs").await, 0);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
    assert!(keeper.app.audit_archives(&[keeper.at("archive-1")]).await.unwrap()[0].ok);
}

#[tokio::test]
async fn archives_are_of_bounded_size_and_others_go_on_meanwhile() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    let mut tx = ctx.store.begin().await.unwrap();
    for n in 0..1003 {
        let name = format!("j{n:04}");
        tx.add_task(&task(&name), &stamp()).await.unwrap();
        tx.add_job(&job_of(&name), &stamp()).await.unwrap();
        let job = sprintgate::domain::job::AnyJob::try_from(tx.job(&id(&name)).await.unwrap().unwrap().row);
        let sprintgate::domain::job::AnyJob::Queued(queued) = job.unwrap() else { panic!("{name}") };
        let step = queued.cancel(Stop::by_user("no"), tx.now());
        tx.apply(Change::Job(step.into()), &stamp()).await.unwrap();
    }
    tx.commit().await.unwrap();
    ctx.pass(91 * DAY);
    let others = async {
        let (mut claims, mut verified) = (0, 0);
        while ctx.count("claude_jobs WHERE finished_at IS NOT NULL").await > 0 {
            let job = ctx.job(&format!("new{claims}")).await;
            ctx.claim(&job).await;
            claims += 1;
            let report = keeper.app.audit_verify().await.unwrap();
            assert!(report.ok, "{report:#?}");
            verified += 1;
        }
        (claims, verified)
    };
    let (told, (claims, verified)) = tokio::join!(keeper.archive(), others);
    let told = told.unwrap();
    let sizes: Vec<i64> = told.archives.iter().map(|archive| archive.jobs).collect();
    assert_eq!((sizes, told.jobs), (vec![1000, 3], 1003));
    assert!(claims > 0 && verified > 0);
    assert_eq!(ctx.count("claude_jobs").await, claims);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn one_process_writes_to_a_folder() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    fs::create_dir_all(keeper.at("")).unwrap();
    let lock = fs::File::create(keeper.at(".lock")).unwrap();
    lock.try_lock().unwrap();
    assert_eq!(keeper.archive().await.unwrap_err().code(), "VALIDATION_ERROR");
    drop(lock);
    keeper.archive().await.unwrap();
}

/// A column that is added to a table leaves with its rows, or this fails.
#[tokio::test]
async fn every_column_leaves() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let all = statements();
    for (name, table, made) in [
        ("JOB_LEFT", "claude_jobs", ""),
        ("ATTEMPTS_LEFT", "attempts", "id"),
        ("EXECUTIONS_LEFT", "sprint_task_executions", ""),
        ("SENT_LEFT", "sent_commits", ""),
        ("WORKTREES_LEFT", "worktrees", "id"),
        ("SALVAGES_LEFT", "salvages", ""),
        ("EFFECT_LEFT", "effects", ""),
    ] {
        let (_, sql) = all.iter().find(|(known, _)| *known == name).unwrap();
        let words: Vec<&str> = sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let there = columns(&mut raw, table).await;
        assert!(there.len() > 5, "{table}");
        for column in there.iter().filter(|column| *column != made) {
            assert!(words.contains(&column.as_str()), "{table}.{column} does not leave");
        }
    }
}
