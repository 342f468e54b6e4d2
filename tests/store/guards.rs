//! What the database itself refuses, whoever writes: moves outside of the law, statuses without a ledger row.

use std::collections::BTreeSet;

use sprintgate::domain::gate::{Policy, Required};
use sprintgate::domain::job::{AnyJob, Failure, LEASE, Status, Stop};
use sprintgate::domain::law::law;
use sprintgate::domain::machine::Word;
use sprintgate::store::{Change, Store, StoreError};
use sqlx::Row;

use super::ctx::{Ctx, claim_by, id, stamp};
use super::database::REPLACES;
use super::raw::{attempt, connect, ledger_row};

/// One job in every status, named after it.
async fn zoo() -> Ctx {
    let ctx = Ctx::new().await;
    for status in Status::ALL {
        let job = ctx.job(&status.word().to_lowercase()).await;
        match status {
            Status::Queued => {}
            Status::Claimed => drop(ctx.claim(&job).await),
            Status::Cancelled => ctx.cancel(&job, Stop::by_user("not needed")).await,
            Status::Running | Status::Done | Status::Failed => {
                ctx.claim(&job).await;
                ctx.start(&job).await;
            }
        }
        match status {
            Status::Done => ctx.finish(&job).await,
            Status::Failed => ctx.fail(&job, Failure::Reported("no".into())).await,
            _ => {}
        }
        assert_eq!(ctx.record(&job).await.row.status, *status);
    }
    ctx
}

#[tokio::test]
async fn the_rules_in_the_database_are_the_law() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let rows = sqlx::query("SELECT machine, from_status, event, to_status FROM transition_rules")
        .fetch_all(&mut raw)
        .await
        .unwrap();
    let kept: BTreeSet<String> = rows
        .iter()
        .map(|r| {
            format!(
                "{}: {} -{}-> {}",
                r.get::<&str, _>(0),
                r.get::<&str, _>(1),
                r.get::<&str, _>(2),
                r.get::<&str, _>(3)
            )
        })
        .collect();
    let law: BTreeSet<String> = law().iter().map(ToString::to_string).collect();
    assert_eq!(kept, law);
    for sql in [
        "INSERT INTO transition_rules VALUES ('job', 'QUEUED', 'finish', 'DONE')",
        "UPDATE transition_rules SET to_status = 'DONE'",
        "DELETE FROM transition_rules",
    ] {
        assert_eq!(attempt(&mut raw, sql).await, Err("the law is changed by migrations only".into()));
    }
}

#[tokio::test]
async fn a_status_needs_an_event_and_its_ledger_row() {
    let ctx = zoo().await;
    let mut raw = connect(&ctx).await;
    let refused = || Err("job: no such transition".to_owned());
    for from in ["QUEUED", "CLAIMED", "RUNNING", "FAILED", "CANCELLED"] {
        let sql = format!("UPDATE claude_jobs SET status = 'DONE' WHERE status = '{from}'");
        assert_eq!(attempt(&mut raw, &sql).await, refused());
    }
    let sql = "UPDATE claude_jobs SET status = 'QUEUED' WHERE id = 'done'";
    assert_eq!(attempt(&mut raw, sql).await, refused());
    let cancel = "UPDATE claude_jobs SET status = 'CANCELLED', status_event = 'cancel', \
        ledger_seq = ledger_seq + 1, not_before = NULL, finished_at = 3, end_cause = 'user' WHERE id = 'queued'";
    let no_row = Err("job: a status is written with its ledger row".to_owned());
    assert_eq!(attempt(&mut raw, cancel).await, no_row);
    let skipped = cancel.replace("ledger_seq + 1", "ledger_seq");
    let row = ledger_row("job", "queued", "QUEUED", "cancel", "CANCELLED");
    assert_eq!(attempt(&mut raw, &format!("{row} {skipped}")).await, no_row);
    assert_eq!(attempt(&mut raw, &format!("{row} {cancel}")).await, Ok(()));

    let pbi = "UPDATE pbis SET status = 'DONE', status_event = 'derive' WHERE id = 'b'";
    assert_eq!(attempt(&mut raw, pbi).await, Err("pbi: a status is written with its ledger row".into()));
    let attempts = "UPDATE attempts SET status = 'FINISHED', ended_at = 1 WHERE job_id = 'running'";
    assert_eq!(attempt(&mut raw, attempts).await, Err("attempt: no such transition".into()));
    let seq = "UPDATE claude_jobs SET ledger_seq = 1 WHERE id = 'done'";
    assert_eq!(attempt(&mut raw, seq).await, refused());
    let fence = "UPDATE claude_jobs SET attempt = 7 WHERE id = 'running'";
    assert_eq!(attempt(&mut raw, fence).await, Err("job: the attempt grows by one with a claim".into()));
    let plan = "UPDATE attempts SET plan_snapshot = 'anything' WHERE job_id = 'running'";
    assert_eq!(attempt(&mut raw, plan).await, Err("attempt: what was frozen at claim never changes".into()));
    let renamed = "UPDATE tasks SET id = 'other' WHERE id = 'queued'";
    assert_eq!(attempt(&mut raw, renamed).await, Err("task: keeps its id".into()));
}

#[tokio::test]
async fn what_a_done_job_changed_is_published() {
    // Content with any verdict, so that nothing but the publication is missing.
    let ctx = Ctx::new().await;
    let done = ctx.job("done").await;
    let mut tx = ctx.store.begin().await.unwrap();
    let lenient = Policy { required: Required::Any, verify_only: true };
    claim_by(tx.as_mut(), &done, "w1", lenient).await.unwrap();
    tx.commit().await.unwrap();
    ctx.start(&done).await;
    ctx.finish(&done).await;
    let mut raw = connect(&ctx).await;
    let unpublished = "UPDATE claude_jobs SET head_sha = NULL, pushed_at = NULL";
    let refused = || Err("job: what was changed is published before it is done".to_owned());
    let job = "WHERE id = 'done'";
    assert_eq!(attempt(&mut raw, &format!("{unpublished} {job}")).await, refused());
    let word = |word: &str| format!("{unpublished}, verify_result = '{word}' {job}");
    for result in ["ALIGNED", "PARTIAL", "DIVERGENT"] {
        assert_eq!(attempt(&mut raw, &word(result)).await, refused(), "{result}");
    }
    assert_eq!(attempt(&mut raw, &format!("{unpublished}, base_sha = 'before' {job}")).await, refused());
    // Nothing was changed; the commit was published before; a person takes responsibility.
    assert_eq!(attempt(&mut raw, &word("EMPTY")).await, Ok(()));
    let after_all = format!("{}; UPDATE claude_jobs SET verify_result = 'PARTIAL' {job}", word("EMPTY"));
    assert_eq!(attempt(&mut raw, &after_all).await, refused());
    let based = format!("{unpublished}, verify_result = 'ALIGNED', base_sha = verified_sha {job}");
    assert_eq!(attempt(&mut raw, &based).await, Ok(()));
    let unbased = format!("{based}; UPDATE claude_jobs SET base_sha = NULL {job}");
    assert_eq!(attempt(&mut raw, &unbased).await, refused());
    let waived = "end_cause = 'waived', waived_by = 'u', waive_reason = 'the vendor did it'";
    let waived = format!("{unpublished}, base_sha = NULL, {waived} {job}");
    assert_eq!(attempt(&mut raw, &waived).await, Ok(()));
    let back = format!(
        "{waived}; UPDATE claude_jobs SET end_cause = 'finished', waived_by = NULL, waive_reason = NULL {job}"
    );
    assert_eq!(attempt(&mut raw, &back).await, refused());
}

#[tokio::test]
async fn a_job_does_not_pass_its_gate_as_another_kind() {
    let ctx = zoo().await;
    let mut raw = connect(&ctx).await;
    for sql in [
        "UPDATE claude_jobs SET kind = 'PLAN_CHAT' WHERE id = 'running'",
        "UPDATE claude_jobs SET kind = 'TASK_IMPLEMENTATION' WHERE id = 'done'",
    ] {
        let said = attempt(&mut raw, sql).await;
        assert_eq!(said, Err("job: what it was made with never changes".into()), "{sql}");
    }
    let easier = "UPDATE claude_jobs SET verify_required_snapshot = 'ANY', verify_only_snapshot = 1, \
        plan_snapshot = 'other' WHERE id = 'claimed'";
    let said = attempt(&mut raw, easier).await;
    assert_eq!(said, Err("job: plan and policy come with a claim and go when it is put back".into()));
}

#[tokio::test]
async fn nothing_is_born_ended_or_twice() {
    let ctx = zoo().await;
    let mut raw = connect(&ctx).await;
    let born = |status: &str, id: &str| {
        format!(
            "INSERT INTO claude_jobs (id, user_id, product_id, task_id, sprint_sequence, kind, ready, not_before, status, \
             status_event, ledger_seq, created_at, updated_at) VALUES ('{id}', 'u', 'p', NULL, 0, 'PLAN_CHAT', 1, 1, \
             '{status}', 'create', 1, 1, 1)"
        )
    };
    let said = attempt(&mut raw, &born("DONE", "n")).await;
    assert_eq!(said, Err("job: is not born in this status".into()));
    let said = attempt(&mut raw, &born("QUEUED", "n")).await;
    assert_eq!(said, Err("job: is born with its ledger row".into()));
    if REPLACES {
        let replaced = born("QUEUED", "done").replace("INSERT", "INSERT OR REPLACE");
        assert_eq!(attempt(&mut raw, &replaced).await, Err("duplicate key: claude_jobs.id".into()));
    }
    for (table, bad) in [("tasks", "DONE"), ("stories", "DONE"), ("pbis", "DONE"), ("sprints", "CLOSED")] {
        let sql = format!(
            "CREATE TEMP TABLE copy AS SELECT * FROM {table} LIMIT 1; UPDATE copy SET id = 'n', status = '{bad}'; \
             INSERT INTO {table} SELECT * FROM copy"
        );
        let said = attempt(&mut raw, &sql).await.unwrap_err();
        assert!(said.ends_with(": is not born in this status"), "{said}");
    }
}

/// `status =` after SET stands in one file of the program.
#[test]
fn one_statement_of_the_sources_sets_a_status() {
    fn sources(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let sets = flat.split(" SET ").skip(1).any(|rest| {
                    let list = rest.split(" WHERE ").next().unwrap();
                    list.split(", ")
                        .any(|set| set.trim_start_matches(['"', '\\', ' ']).starts_with("status ="))
                });
                if sets {
                    found.push(path.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
    }
    let mut found = Vec::new();
    sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert_eq!(found, ["apply.rs"]);
}

#[tokio::test]
async fn a_stale_attempt_is_lost() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    ctx.claim(&job).await;
    let AnyJob::Claimed(first) = ctx.any(&job).await else { panic!() };
    ctx.pass(LEASE.0 + 1);
    ctx.expire(&job).await;
    assert_eq!(ctx.claim(&job).await, 2);
    let late = first.start(1, ctx.now(), LEASE).unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    let error = tx.apply(Change::Job(late.into()), &stamp()).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Lost { machine: "job", entity, expected: "CLAIMED" } if entity == "j"),
        "{error}"
    );
    assert!(!tx.renew(&id("j"), 1, LEASE).await.unwrap());
    assert!(tx.renew(&id("j"), 2, LEASE).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(ctx.record(&job).await.row.status, Status::Claimed);
}

#[tokio::test]
async fn a_hold_without_its_attempt_cannot_end_and_nothing_of_it_lasts() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    let AnyJob::Queued(queued) = ctx.any(&job).await else { panic!() };
    let policy = sprintgate::domain::gate::Policy::default();
    let claim =
        sprintgate::domain::job::Claim { token: id("t"), worker: id("w"), plan: String::new(), policy };
    ctx.apply(queued.claim(claim, ctx.now(), LEASE).unwrap()).await.unwrap();
    let AnyJob::Claimed(claimed) = ctx.any(&job).await else { panic!() };
    let mut tx = ctx.store.begin().await.unwrap();
    let step = claimed.fail(1, Failure::Reported("no".into()), tx.now()).unwrap();
    let error = tx.apply(Change::Job(step.into()), &stamp()).await.unwrap_err();
    assert!(matches!(error, StoreError::Inconsistent { .. }), "{error}");
    assert!(tx.commit().await.is_err());
    assert_eq!(ctx.record(&job).await.row.status, Status::Claimed);
}
