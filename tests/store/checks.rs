//! Every named constraint fires, by its name.

use sprintgate::domain::job::{Failure, Stop};
use sprintgate::store::{Store, StoreError};

use super::ctx::{Ctx, stamp, task};
use super::database::{LOOSE_TYPES, drop_trigger};
use super::raw::{attempt, connect};

/// A job in a status, what is done to its row, and who refuses.
const JOBS: &[(&str, &str, &str)] = &[
    ("queued", "lease_until = 1", "held_iff_leased"),
    ("running", "lease_until = NULL", "held_iff_leased"),
    ("queued", "claimed_by_token_id = 't'", "held_iff_owned"),
    ("running", "worker_instance_id = NULL", "held_iff_owned"),
    ("done", "finished_at = NULL", "ended_iff_finished"),
    ("running", "finished_at = 1", "ended_iff_finished"),
    ("failed", "end_cause = NULL", "ended_iff_caused"),
    ("queued", "end_cause = 'user'", "ended_iff_caused"),
    ("failed", "end_cause = 'weather'", "end_cause_is_known"),
    ("claimed", "started_at = 1", "running_iff_started"),
    ("running", "started_at = NULL", "running_iff_started"),
    (
        "done",
        "verify_result = NULL, verified_sha = NULL, verified_at = NULL, head_sha = NULL, pushed_at = NULL",
        "done_iff_evidence",
    ),
    ("done", "head_sha = 'other', pushed_at = 1", "done_pushed_is_verified"),
    ("done", "pushed_at = NULL", "pushed_iff_head"),
    ("queued", "base_sha = 'c'", "queued_is_clean"),
    ("queued", "verify_result = 'ALIGNED', verified_sha = 'c', verified_at = 1", "queued_is_clean"),
    ("queued", "not_before = NULL", "queued_iff_due"),
    ("running", "not_before = 1", "queued_iff_due"),
    ("running", "verify_result = 'ALIGNED'", "evidence_is_whole"),
    ("running", "verify_result = 'GOOD', verified_sha = 'c', verified_at = 1", "verify_result_is_known"),
    ("running", "plan_snapshot = NULL", "brief_is_whole"),
    (
        "running",
        "claimed_at = NULL, plan_snapshot = NULL, verify_required_snapshot = NULL, verify_only_snapshot = NULL",
        "held_is_briefed",
    ),
    ("running", "verify_required_snapshot = 'NONE'", "verify_required_is_known"),
    ("done", "waived_by = 'u'", "waived_iff_reasoned"),
    ("done", "end_cause = 'waived'", "waived_iff_reasoned"),
    ("cancelled", "end_cause = 'cascade'", "cascade_iff_caused_by"),
    ("cancelled", "stop_confirmed_at = 1, stop_confirmed_how = 'forced'", "stop_confirmed_after_order"),
    ("running", "task_id = NULL", "kind_says_of_what"),
    ("running", "kind = 'CHORE'", "kind_is_known"),
    ("queued", "ready = 2", "ready_is_boolean"),
    ("queued", "waiting = 2", "waiting_is_boolean"),
];

async fn zoo() -> Ctx {
    let ctx = Ctx::new().await;
    ctx.job("queued").await;
    let job = ctx.job("claimed").await;
    ctx.claim(&job).await;
    for name in ["running", "done", "failed"] {
        let job = ctx.job(name).await;
        ctx.claim(&job).await;
        ctx.start(&job).await;
        match name {
            "done" => ctx.finish(&job).await,
            "failed" => ctx.fail(&job, Failure::Reported("no".into())).await,
            _ => {}
        }
    }
    let job = ctx.job("cancelled").await;
    ctx.cancel(&job, Stop::by_user("not needed")).await;
    ctx.run("r").await;
    ctx
}

#[tokio::test]
async fn what_a_status_implies_is_checked_by_name() {
    let ctx = zoo().await;
    let mut raw = connect(&ctx).await;
    for (job, set, name) in JOBS {
        if name.ends_with("_is_boolean") && !LOOSE_TYPES {
            continue;
        }
        // These would refuse some of it before its CHECK does.
        let bare = ["claude_jobs_frozen", "claude_jobs_brief", "claude_jobs_weighed"]
            .map(|trigger| drop_trigger(trigger, "claude_jobs"))
            .concat();
        let sql = format!("{bare} UPDATE claude_jobs SET {set} WHERE id = '{job}'");
        let said = attempt(&mut raw, &sql).await;
        assert_eq!(said, Err(format!("CHECK constraint failed: {name}")), "{job}: {set}");
    }
    let unfenced = drop_trigger("claude_jobs_fence", "claude_jobs")
        + "UPDATE claude_jobs SET attempt = 0 WHERE id = 'running'";
    let said = attempt(&mut raw, &unfenced).await;
    assert_eq!(said, Err("CHECK constraint failed: attempt_positive_when_held".into()));
    for (set, name) in [
        ("finished_at = 1", "ended_iff_finished"),
        ("started_at = 1", "running_iff_started"),
        (
            r#"pause_context = '{"pause_reason":"QUOTA_DEPLETED","resume_instructions":"wait","paused_at":1}'"#,
            "paused_iff_reason",
        ),
        ("failure_reason = 'no'", "failed_iff_reason"),
        ("failed_task_id = 'queued'", "failed_task_needs_failure"),
    ] {
        let said = attempt(&mut raw, &format!("UPDATE sprint_runs SET {set}")).await;
        assert_eq!(said, Err(format!("CHECK constraint failed: {name}")), "{set}");
    }
}

#[tokio::test]
async fn a_refusal_reaches_the_caller_by_name_and_undoes_everything() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("good"), &stamp()).await.unwrap();
    let mut bad = task("bad");
    bad.priority = 5;
    let error = tx.add_task(&bad, &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Refused { rule } if rule == "priority_in_range"), "{error}");
    assert!(!error.is_retryable());
    assert!(
        matches!(tx.commit().await, Err(StoreError::Refused { .. })),
        "the good half must not last alone"
    );

    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("good"), &stamp()).await.unwrap();
    let mut long = task("long");
    long.title = "é".repeat(201);
    let error = tx.add_task(&long, &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Refused { rule } if rule == "title_is_short"), "{error}");
    drop(tx);

    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("good"), &stamp()).await.unwrap();
    let error = tx.add_task(&task("good"), &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Duplicate { key } if key == "task id"), "{error}");
    drop(tx);

    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("good"), &stamp()).await.unwrap();
    let mut same = task("same");
    same.code = "T-good".into();
    let error = tx.add_task(&same, &stamp()).await.unwrap_err();
    let key_of = "tasks.product_id, tasks.code";
    assert!(matches!(&error, StoreError::Duplicate { key } if key == key_of), "{error}");
    drop(tx);

    let mut tx = ctx.store.begin().await.unwrap();
    let mut orphan = task("orphan");
    orphan.story = super::ctx::id("nowhere");
    assert!(matches!(tx.add_task(&orphan, &stamp()).await, Err(StoreError::Refused { .. })));
    drop(tx);
    let mut tx = ctx.store.read().await.unwrap();
    assert!(tx.tasks_of(&super::ctx::id("st")).await.unwrap().is_empty());
    assert!(tx.history("task", "good", 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_sprint_has_one_live_run_and_a_task_one_open_job() {
    use super::ctx::{job_of, new_run};
    let ctx = Ctx::new().await;
    ctx.run("r").await;
    let mut tx = ctx.store.begin().await.unwrap();
    let error = tx.add_run(&new_run("r2"), &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Duplicate { key } if key == "sprint_runs.sprint_id"), "{error}");
    drop(tx);
    ctx.job("j").await;
    let mut tx = ctx.store.begin().await.unwrap();
    let mut second = job_of("j2");
    second.task = Some(super::ctx::id("j"));
    let error = tx.add_job(&second, &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Duplicate { key } if key == "claude_jobs.task_id"), "{error}");
}
