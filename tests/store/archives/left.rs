//! What leaves, what stays, and what can be said of both afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use sprintgate::domain::job::Stop;
use sprintgate::flow::read_archive;
use sprintgate::flow::wire::Archived;
use sprintgate::store::*;

use super::super::ctx::{Ctx, id, job_of, stamp, task};
use super::super::database::{columns, statements};
use super::super::raw::connect;
use super::{DAY, Keeper, checked};

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
    // job: create, claim, expire, claim, start, finish; two attempts: begun, ended; a worktree: made, given up; the
    // effect: create, start, succeed
    assert_eq!(told.rows, 6 + 4 + 2 + 3);

    for (of, left) in [
        ("claude_jobs", 2),
        ("attempts", 2),
        ("effects", 0),
        ("requests", 1),
        ("ledger_archives", 2),
        ("ledger_seals", 15),
        ("sent_commits", 1),
        ("worktrees", 1),
        ("api_tokens WHERE scope_job IS NOT NULL", 1),
        ("tasks", 3),
    ] {
        assert_eq!(ctx.count(of).await, left, "{of}");
    }
    let report = keeper.app.audit_verify().await.unwrap();
    assert!(report.ok, "{report:#?}");
    assert_eq!((report.rows, report.archived_rows), (before.rows - 15, 15));
    assert_eq!((report.archives, report.archived_entities), (2, 5));
    let last = report.last_archive.unwrap();
    assert!(
        keeper.app.audit_verify_expecting(&last.hash).await.unwrap().ok,
        "a record's hash can be kept elsewhere"
    );
    assert!(!keeper.app.audit_verify_expecting(&"0".repeat(64)).await.unwrap().ok);

    let at = keeper.at("archive-2");
    let alone = read_archive(&at);
    assert!(alone.ok, "{alone:#?}");
    assert_eq!((alone.rows, alone.entities, alone.table_rows), (12, 4, 5));
    assert!(
        keeper.app.audit_archives(&[keeper.at("archive-1"), at.clone()]).await.unwrap().iter().all(|a| a.ok)
    );
    let (ok, said) = checked(&[&at]);
    assert!(ok && said.starts_with("Everything fits."), "{said}");
    // Who has not got all archives hears which ones are missing.
    let (ok, said) = keeper.script("one", &at).await;
    assert!(!ok && said.contains("archive 1 (archive-1): it was not given to --archive"), "{said}");
    let all = [keeper.at("archive-1"), at.clone()];
    let (ok, said) = keeper.script_of("bundle", &all).await;
    assert!(ok && said.starts_with("Everything fits."), "{said}");
    let reports = keeper.app.audit_archives(&all).await.unwrap();
    assert_eq!(keeper.app.archives_not_among(&reports).await.unwrap(), []);
    let missing = keeper.app.archives_not_among(&reports[1..]).await.unwrap();
    assert_eq!(
        missing.iter().map(|one| (one.number, one.name.as_str())).collect::<Vec<_>>(),
        [(1, "archive-1")]
    );
    // One that has another's name is not that other one.
    let copy = keeper.at("copies/archive-1");
    fs::create_dir_all(&copy).unwrap();
    for entry in fs::read_dir(&at).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let both = [at.clone(), copy];
    let reports = keeper.app.audit_archives(&both).await.unwrap();
    let missing = keeper.app.archives_not_among(&reports).await.unwrap();
    assert_eq!(missing.iter().map(|one| one.number).collect::<Vec<_>>(), [1]);
    let (ok, said) = keeper.script_of("copied", &both).await;
    assert!(!ok && said.contains("archive 1 (archive-1): it was not given to --archive"), "{said}");
    assert_eq!(fs::metadata(&at).unwrap().permissions().mode() & 0o777, 0o700);
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
    let born_again = tx.add_job(&NewJob { task: Some(id("young")), ..job_of("old") }, &stamp()).await;
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
