//! A database that somebody changed by hand: whatever they wrote into a cell, its row is named, and the rest is read.

use std::sync::Arc;
use std::time::Duration;

use sprintgate::flow::{Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::Store;
use sprintgate::store::sqlite::Clock;
use sqlx::{AssertSqlSafe, Executor};

use super::ctx::Ctx;
use super::database::{Connection, LOOSE_TYPES, unguarded};
use super::raw::{attempt, connect};

/// What becomes of a cell, on both databases.
const CELLS: &[&str] = &[
    "attempt = 5000000000",
    "attempt = -1",
    "attempt = 9223372036854775807",
    "entity_seq = 9223372036854775807",
    "entity_seq = 0",
    "facts = '[1]'",
    "hash = ''",
    "prev_hash = 'ä'",
    "actor_kind = ''",
    "evidence = ''",
];
/// What only a database takes that keeps times and documents as numbers and texts.
const LOOSE_CELLS: &[&str] = &[
    "at = -9223372036854775808",
    "facts = 'no JSON'",
    "actor_id = CAST(x'ff41' AS TEXT)",
    "facts = CAST(x'7b00ff' AS TEXT)",
];
/// What only a database has that has a type for times, and takes a rule back.
const TYPED_CELLS: &[&str] = &[
    "at = 'infinity'",
    "at = '-infinity'",
    "at = '294276-12-31'",
    "at = at + interval '1 microsecond'",
    "at = at + interval '999 microseconds'",
    "actor_id = NULL",
    "hash = NULL",
];

/// The use cases over the same database, and the folder that they have.
pub(super) async fn auditor(ctx: &Ctx) -> (Sprintgate, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let git = GitSettings {
        worktree_root: folder.path().join("worktrees"),
        vault_root: folder.path().join("vault"),
        timeout: Duration::from_secs(1),
        credential_helper: None,
    };
    let store = ctx.database.open(Clock::Database).await;
    (Sprintgate::new(Arc::new(store), Git::new(git).unwrap(), Settings::default()), folder)
}

/// Takes a table's guards and rules away, as its owner can.
pub(super) async fn lay_open(raw: &mut Connection, table: &str) {
    let (bare, names) = unguarded(raw, table).await;
    let mut sql = bare;
    if LOOSE_TYPES {
        sql += "PRAGMA ignore_check_constraints = ON;";
    } else {
        names.iter().for_each(|name| sql += &format!("ALTER TABLE {table} DROP CONSTRAINT {name};"));
    }
    raw.execute(AssertSqlSafe(sql)).await.unwrap();
}

#[tokio::test]
async fn a_row_is_named_whatever_its_cells_hold() {
    let own = if LOOSE_TYPES { LOOSE_CELLS } else { TYPED_CELLS };
    for set in CELLS.iter().chain(own) {
        let ctx = Ctx::new().await;
        let job = ctx.job("j").await;
        ctx.claim(&job).await;
        ctx.job("k").await;
        let (app, folder) = auditor(&ctx).await;
        app.audit_checkpoint().await.unwrap();
        assert!(app.audit_verify().await.unwrap().ok);
        let mut raw = connect(&ctx).await;
        lay_open(&mut raw, "ledger").await;
        if set.ends_with("NULL") {
            let column = set.split(' ').next().unwrap();
            let sql = format!("ALTER TABLE ledger ALTER COLUMN {column} DROP NOT NULL");
            raw.execute(AssertSqlSafe(sql)).await.unwrap();
        }
        let rows = ctx.store.read().await.unwrap().history("job", "j", 9).await.unwrap();
        let other = ctx.store.read().await.unwrap().history("job", "k", 9).await.unwrap();
        let (seq, last) = (rows[1].seq, other[0].seq);
        let sql = format!(
            "UPDATE ledger SET {set} WHERE seq = {seq}; UPDATE ledger SET actor_id = 'mallory' WHERE seq = {last}"
        );
        raw.execute(AssertSqlSafe(sql)).await.unwrap();

        let report = app.audit_verify().await.unwrap();
        let named = |row: String| report.findings.iter().any(|found| found.starts_with(&row));
        assert!(named(format!("row {seq} (job j #")), "{set}: {:#?}", report.findings);
        assert!(named(format!("row {last} (job k #1): its content")), "{set}: {:#?}", report.findings);
        assert_eq!(report.rows, app.audit_tail(1000).await.unwrap().0.len() as u64, "{set}");
        assert!(!app.audit_replay("j").await.unwrap().ok, "{set}");
        let exported = app.audit_export(&folder.path().join("bundle"), "{}").await.unwrap();
        assert_eq!(exported.rows, report.rows, "{set}");
    }
}

#[tokio::test]
async fn what_no_writer_writes_is_refused() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let mut raw = connect(&ctx).await;
    let row = |columns: &str, values: &str| {
        format!(
            "INSERT INTO ledger (machine, entity, entity_seq, event, to_status, actor_kind, actor_id, facts, prev_hash, \
             hash, at{columns}) VALUES ('task', 'ghost', 1, 'create', 'TO_DO', 'human', 'u', '{{}}', \
             printf('%064d', 0), printf('%064d', 7), {values})"
        )
    };
    let given = "ledger: a row has the number that the database gives it".to_owned();
    let range = "CHECK constraint failed: attempt_in_range".to_owned();
    for (columns, values, said) in [
        ("", "1", Ok(())),
        (", attempt", "1, 4294967295", Ok(())),
        (", attempt", "1, 4294967296", Err(range.clone())),
        (", attempt", "1, -1", Err(range)),
        (", seq", "1, 9223372036854775807", Err(given.clone())),
        (", seq", "1, 1000", Err(given)),
    ] {
        assert_eq!(attempt(&mut raw, &row(columns, values)).await, said, "{columns} {values}");
    }
    if !LOOSE_TYPES {
        for (at, name) in [
            ("timestamptz '2026-01-01 00:00:00.0001Z'", "at_is_in_milliseconds"),
            ("timestamptz 'infinity'", "at_is_in_milliseconds"),
        ] {
            let said = attempt(&mut raw, &row("", at)).await;
            assert_eq!(said, Err(format!("CHECK constraint failed: {name}")), "{at}");
        }
    }
}

#[tokio::test]
async fn a_row_without_an_id_is_named_too() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    lay_open(&mut raw, "sprints").await;
    let sql = "INSERT INTO sprints (id, product_id, code, sprint_goal, status, status_event, ledger_seq, created_at, \
        updated_at) VALUES ('', 'p', 'S-9', 'sell', 'OPEN', 'create', 1, 1, 1)";
    raw.execute(sql).await.unwrap();
    let report = auditor(&ctx).await.0.audit_verify().await.unwrap();
    assert_eq!(report.findings, ["sprint : it has no ledger row"]);
}

#[tokio::test]
async fn an_id_is_known_by_its_beginning_and_a_recent_one_by_its_end() {
    let ctx = Ctx::new().await;
    for name in ["0197aaaaab", "0197aaaacd", "0198bbbbab"] {
        ctx.job(name).await;
    }
    ctx.claim(&super::ctx::id("0198bbbbab")).await;
    let mut tx = ctx.store.read().await.unwrap();
    for (part, limit, named) in [
        ("0197aaaaab", 9, vec!["0197aaaaab"]),
        ("0197aaaa", 9, vec!["0197aaaaab", "0197aaaacd"]),
        ("0197aaaa", 1, vec!["0197aaaaab"]),
        ("0198", 9, vec!["0198bbbbab"]),
        ("bbab", 9, vec!["0198bbbbab"]),
        ("ab", 9, vec!["0197aaaaab", "0198bbbbab"]),
        ("97aaaa", 9, vec![]),
        ("%_", 9, vec![]),
        ("00000000197aaaaab", 9, vec![]),
    ] {
        assert_eq!(tx.entities_named("job", part, limit).await.unwrap(), named, "{part}");
    }
    assert_eq!(tx.entities_named("sprint", "0197", 9).await.unwrap(), [""; 0]);
}
