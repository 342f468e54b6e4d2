//! What waits for a person's decision stays, what a person decided leaves, and who asks for what left hears where it is.

use serde_json::json;
use sprintgate::flow::wire::{JobHeartbeat, UpdateJobStatus};
use sprintgate::flow::{FlowError, Session};
use sprintgate::store::*;

use super::super::ctx::{Ctx, id};
use super::{DAY, Keeper, ann};

const NOT_NEEDED: &str = "nobody needs it";

fn code<T: std::fmt::Debug>(answer: Result<T, FlowError>) -> &'static str {
    answer.expect_err("a refusal").code()
}

#[tokio::test]
async fn an_effect_that_was_given_up_keeps_its_job_until_a_person_decides() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("job").await;
    ctx.an_effect("e", Some("job"), false).await;
    ctx.refused("e").await;
    ctx.pass(91 * DAY);
    for dry_run in [true, false] {
        let told = keeper.app.archive(&keeper.ask(dry_run)).await.unwrap();
        assert_eq!((told.jobs, told.effects, told.stay.len()), (0, 0, 1), "{told:?}");
        assert_eq!(told.stay.get("given_up"), Some(&1), "{told:?}");
    }
    keeper.app.dismiss_effect(&ann(), "e", NOT_NEEDED).await.unwrap();
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.jobs, told.stay.get("effect")), (0, Some(&1)), "it was dismissed just now: {told:?}");
    ctx.pass(91 * DAY);
    let would = keeper.app.archive(&keeper.ask(true)).await.unwrap();
    assert_eq!((would.jobs, would.effects, would.stay.len()), (1, 1, 0), "{would:?}");
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.jobs, told.effects, told.stay.len()), (1, 1, 0), "{told:?}");
    assert_eq!((ctx.count("effects").await, ctx.count("claude_jobs").await), (0, 0));
    assert_eq!(keeper.findings().await, Vec::<String>::new());
    let archives = [keeper.at("archive-1"), keeper.at("archive-2")];
    assert!(keeper.app.audit_archives(&archives).await.unwrap().iter().all(|archive| archive.ok));
    let (ok, said) = keeper.script_of("bundle", &archives).await;
    assert!(ok, "{said}");
}

/// What was done behind a dismissed effect says that the lane went on: nobody may try that one any more. So it leaves
/// after it, however their ids are ordered.
#[tokio::test]
async fn a_lane_leaves_in_its_order() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.effect_in("dismissed", None, Some("l"), false).await;
    keeper.app.dismiss_effect(&ann(), "dismissed", NOT_NEEDED).await.unwrap();
    ctx.effect_in("behind", None, Some("l"), true).await;
    ctx.effect_in("given-up", None, Some("m"), false).await;
    ctx.refused("given-up").await;
    keeper.app.dismiss_effect(&ann(), "given-up", NOT_NEEDED).await.unwrap();
    ctx.effect_in("done", None, Some("m"), true).await;
    ctx.pass(50 * DAY);
    ctx.effect_in("first", None, Some("n"), false).await;
    keeper.app.dismiss_effect(&ann(), "first", NOT_NEEDED).await.unwrap();
    ctx.effect_in("after", None, Some("n"), true).await;
    ctx.pass(50 * DAY);
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.effects, told.stay.len()), (4, 0), "{told:?}");
    assert_eq!(code(keeper.app.retry_effect(&ann(), "first").await), "LANE_WENT_ON");
    ctx.pass(50 * DAY);
    assert_eq!(keeper.archive().await.unwrap().effects, 2);
    assert_eq!(ctx.count("effects").await, 0);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_left_is_named_to_its_user_alone() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.person("v", "eve", "tv").await;
    ctx.done("old").await;
    ctx.pass(91 * DAY);
    ctx.done("here").await;
    assert_eq!(keeper.archive().await.unwrap().jobs, 1);

    let report = |job: &str| -> UpdateJobStatus {
        serde_json::from_value(json!({ "job_id": job, "attempt": 2, "status": "running" })).unwrap()
    };
    let beat = |job: &str| JobHeartbeat { job_id: job.into(), attempt: Some(2) };
    let agent = Session::worker(Some(&Secret::shown("t")), id("desk"));
    for error in [
        keeper.app.show_job(&ann(), "old").await.unwrap_err(),
        keeper.app.cancel_job(&ann(), "old", None).await.unwrap_err(),
        keeper.app.update_job_status(&agent, report("old")).await.unwrap_err(),
        keeper.app.job_heartbeat(&agent, beat("old")).await.unwrap_err(),
    ] {
        assert_eq!(
            (error.code(), error.facts()["archive"].as_str()),
            ("ARCHIVED", Some("archive-1")),
            "{error}"
        );
        assert_eq!(error.legal_next(), ["wait_for_job"]);
    }
    // The token of another attempt's agent.
    let scoped = Session::worker(Some(&Secret::shown("here")), id("desk"));
    assert_eq!(code(keeper.app.job_heartbeat(&scoped, beat("old")).await), "NOT_FOUND");
    let eve = Session::person(Some(&Secret::shown("tv")), id("desk"));
    for job in ["old", "here", "never"] {
        assert_eq!(code(keeper.app.show_job(&eve, job).await), "NOT_FOUND", "{job}");
        assert_eq!(code(keeper.app.cancel_job(&eve, job, None).await), "NOT_FOUND", "{job}");
        assert_eq!(code(keeper.app.update_job_status(&eve, report(job)).await), "NOT_FOUND", "{job}");
        assert_eq!(code(keeper.app.job_heartbeat(&eve, beat(job)).await), "NOT_FOUND", "{job}");
    }
}
