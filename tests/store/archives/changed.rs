//! Seals, records, rows and archives that somebody changed: refused where a guard stands, and named where it does not.

use std::fs;

use serde_json::json;
use sprintgate::flow::read_archive;
use sprintgate::store::digest;
use sqlx::{AssertSqlSafe, Executor};

use super::super::ctx::Ctx;
use super::super::database::unguarded;
use super::super::raw::{attempt, connect};
use super::{DAY, Keeper, checked};

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
            "INSERT INTO ledger_seals (seq, machine, entity, entity_seq, hash, archive) SELECT seq, machine, entity, entity_seq, prev_hash, 1 FROM ledger \
             WHERE entity = 'young' AND entity_seq = 2",
            "ledger_seals: a seal is of a row that a checkpoint binds",
        ),
        (
            "INSERT INTO ledger_seals (seq, machine, entity, entity_seq, hash, archive) SELECT 1000000, machine, entity, entity_seq, hash, 1 FROM ledger \
             WHERE entity = 'young' AND entity_seq = 2",
            "ledger_seals: a seal is of a row that a checkpoint binds",
        ),
    ] {
        assert_eq!(attempt(&mut raw, sql).await, Err(said.to_owned()), "{sql}");
    }
    // Nor one of another archive than the last.
    let second = "INSERT INTO ledger_seals (seq, machine, entity, entity_seq, hash, archive) SELECT seq, machine, entity, entity_seq, hash, 2 FROM ledger \
        WHERE machine = 'job' AND entity = 'young' AND entity_seq = 1";
    let no_seal = Err("ledger_seals: a seal is of a row that a checkpoint binds".to_owned());
    assert_eq!(attempt(&mut raw, second).await, no_seal);
    assert_eq!(attempt(&mut raw, &second.replace("hash, 2", "hash, 1")).await, Ok(()));
    // A row that no checkpoint binds yet gets no seal.
    ctx.job("fresh").await;
    let unbound = "INSERT INTO ledger_seals (seq, machine, entity, entity_seq, hash, archive) SELECT seq, machine, entity, entity_seq, hash, 1 FROM ledger \
        WHERE machine = 'job' AND entity = 'fresh'";
    assert_eq!(attempt(&mut raw, unbound).await, no_seal);

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
                "11 seals are there, its record says 12",
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
    let young = "machine = 'attempt' AND entity = 'young/2'";
    raw.execute(AssertSqlSafe(format!("CREATE TABLE gone AS SELECT * FROM ledger WHERE {young}")))
        .await
        .unwrap();
    raw.execute(AssertSqlSafe(format!("DELETE FROM ledger WHERE {young}"))).await.unwrap();
    keeper.app.audit_checkpoint().await.unwrap();
    let found = keeper.findings().await.join("\n");
    assert!(found.contains("attempt young/2: it has no ledger row"), "{found}");
    raw.execute("INSERT INTO ledger SELECT * FROM gone").await.unwrap();
    raw.execute("DELETE FROM attempts WHERE job_id = 'young' AND number = 2").await.unwrap();
    let found = keeper.findings().await.join("\n");
    assert!(found.contains("attempt young/2: the ledger knows it, its table does not"), "{found}");
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
