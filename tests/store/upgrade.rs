//! A database of an older version is brought up to date with what is in it: its ledger still verifies, and goes on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sprintgate::domain::backlog::pbi;
use sprintgate::domain::time::Timestamp;
use sprintgate::flow::{Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::sqlite::{Clock, SqliteStore};
use sprintgate::store::{Change, GENESIS, LedgerEntry, Store, entry_hash};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Executor};

use super::ctx::{id, stamp};

/// What the first version knew.
const FIRST: [&str; 4] = ["0001_backlog.sql", "0002_jobs.sql", "0003_law.sql", "0004_guards.sql"];

const PEOPLE: &str = "
    INSERT INTO users (id, username, created_at) VALUES ('u', 'ann', 1);
    INSERT INTO products (id, user_id, name, definition_of_done, pr_strategy, created_at)
    VALUES ('p', 'u', 'Shop', 'tests pass', 'STORY', 1);
";

/// Entities of the first version: machine, id, status at birth, moves, and the row.
type Life = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);
const LIVES: [Life; 4] = [
    (
        "pbi",
        "b",
        "READY",
        &[("block", "BLOCKED"), ("unblock", "READY"), ("block", "BLOCKED")],
        "INSERT INTO pbis (id, product_id, code, title, priority, sort_order, status, status_event, ledger_seq,
            created_at, updated_at)
         VALUES ('b', 'p', 'PBI-1', 'Basket', 1, 1.0, 'READY', 'create', 1, 1, 1)",
    ),
    (
        "sprint",
        "s",
        "OPEN",
        &[("derive", "FAILED"), ("derive", "OPEN")],
        "INSERT INTO sprints (id, product_id, code, sprint_goal, status, status_event, ledger_seq, created_at,
            updated_at)
         VALUES ('s', 'p', 'S-1', 'sell', 'OPEN', 'create', 1, 1, 1)",
    ),
    (
        "sprint_run",
        "r",
        "QUEUED",
        &[],
        "INSERT INTO sprint_runs (id, sprint_id, started_by_id, pr_strategy, status, status_event, ledger_seq,
            created_at, updated_at)
         VALUES ('r', 's', 'u', 'STORY', 'QUEUED', 'create', 1, 1, 1)",
    ),
    (
        "job",
        "j",
        "QUEUED",
        &[],
        "INSERT INTO claude_jobs (id, user_id, product_id, sprint_run_id, sprint_sequence, kind, ready, not_before,
            status, status_event, ledger_seq, created_at, updated_at)
         VALUES ('j', 'u', 'p', 'r', 0, 'SPRINT_IMPLEMENTATION', 1, 1, 'QUEUED', 'create', 1, 1, 1)",
    ),
];

async fn note(
    raw: &mut SqliteConnection,
    last: Option<&LedgerEntry>,
    machine: &str,
    entity: &str,
    event: &str,
    to: &str,
) -> LedgerEntry {
    let mut entry = LedgerEntry {
        seq: 0,
        machine: machine.into(),
        entity: entity.into(),
        entity_seq: last.map_or(1, |last| last.entity_seq + 1),
        from: last.map(|last| last.to.clone()),
        event: event.into(),
        to: to.into(),
        actor_kind: "human".into(),
        actor_id: "u".into(),
        attempt: None,
        at: Timestamp(1),
        facts: "{}".into(),
        evidence: None,
        prev_hash: last.map_or_else(|| GENESIS.to_owned(), |last| last.hash.clone()),
        hash: String::new(),
    };
    entry.hash = entry_hash(&entry);
    sqlx::query(
        "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, at,
            facts, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, 'human', 'u', 1, '{}', $7, $8)",
    )
    .bind(&entry.machine)
    .bind(&entry.entity)
    .bind(entry.entity_seq)
    .bind(&entry.from)
    .bind(&entry.event)
    .bind(&entry.to)
    .bind(&entry.prev_hash)
    .bind(&entry.hash)
    .execute(raw)
    .await
    .unwrap();
    entry
}

/// A database as the first version left it; the number of its ledger rows.
async fn old(path: &Path, scratch: &Path) -> u64 {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sqlite/migrations");
    std::fs::create_dir(scratch).unwrap();
    for file in FIRST {
        std::fs::copy(ours.join(file), scratch.join(file)).unwrap();
    }
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(true);
    let mut raw = SqliteConnection::connect_with(&options).await.unwrap();
    Migrator::new(scratch).await.unwrap().run(&mut raw).await.unwrap();
    raw.execute(PEOPLE).await.unwrap();
    let mut rows = 0;
    for (machine, entity, born, moves, insert) in LIVES {
        let mut last = note(&mut raw, None, machine, entity, "create", born).await;
        raw.execute(insert).await.unwrap();
        for (event, to) in moves {
            last = note(&mut raw, Some(&last), machine, entity, event, to).await;
            let table = if machine == "pbi" { "pbis" } else { "sprints" };
            let sql = format!(
                "UPDATE {table} SET status = '{to}', status_event = '{event}', ledger_seq = ledger_seq + 1 \
                 WHERE id = '{entity}'"
            );
            raw.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        }
        rows += 1 + moves.len() as u64;
    }
    raw.close().await.unwrap();
    rows
}

fn app(store: SqliteStore, folder: &Path) -> Sprintgate {
    let git = GitSettings {
        worktree_root: folder.join("worktrees"),
        vault_root: folder.join("vault"),
        timeout: Duration::from_secs(60),
        credential_helper: None,
    };
    Sprintgate::new(Arc::new(store), Git::new(git).unwrap(), Settings::default())
}

#[tokio::test]
async fn a_database_of_the_first_version_is_opened_whole_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let rows = old(&path, &folder.path().join("first")).await;

    let store = SqliteStore::open(&path, Clock::Database).await.unwrap();
    assert!(store.schema_version().await.unwrap() > 4);
    let mut tx = store.begin().await.unwrap();
    let before = tx.ledger_after(0, 100).await.unwrap();
    let places: Vec<i64> = before.iter().map(|entry| entry.seq).collect();
    assert_eq!(places, (1..=rows.cast_signed()).collect::<Vec<_>>(), "every row in its place");
    let run = tx.run(&id("r")).await.unwrap().unwrap();
    assert_eq!((run.previous, run.row.pause), (None, None));
    assert_eq!(tx.job(&id("j")).await.unwrap().unwrap().row.status.to_string(), "QUEUED");

    let shift = pbi::unblock(pbi::Status::Blocked).unwrap();
    tx.apply(Change::Pbi { id: id("b"), shift }, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let after = tx.ledger_after(0, 100).await.unwrap();
    assert_eq!(after[..before.len()], before);
    assert_eq!((after.len(), after[before.len()].seq), (before.len() + 1, rows.cast_signed() + 1));
    drop(tx);

    let report = app(store, folder.path()).audit_verify().await.unwrap();
    assert!(report.ok, "{report:#?}");
    assert_eq!((report.rows, report.entities), (rows + 1, LIVES.len() as u64));
}
