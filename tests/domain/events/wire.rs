//! The JSON of each type, by hand.

use sprintgate::domain::event::{Payload, wire};
use sprintgate::domain::job::Kind;
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;

use super::{event, iso};

fn of_task() -> Payload {
    Payload {
        task_id: Some("t-1".parse().unwrap()),
        kind: Some(Kind::TaskImplementation),
        branch: Some("feat/story-1".into()),
        ..Payload::default()
    }
}

#[test]
fn a_job_that_is_queued_has_the_fields_of_the_original() {
    let mut born = event("job", "j-1", ("", "create", "QUEUED"));
    born.payload = Payload { branch: None, ..of_task() };
    assert_eq!(
        wire(&born, iso).to_string(),
        r#"{"type":"claude_job_enqueued","job_id":"j-1","task_id":"t-1","user_id":"ann","product_id":"shop","kind":"TASK_IMPLEMENTATION","status":"queued","seq":7}"#
    );
    let idea = Some("idea-1".parse().unwrap());
    born.payload = Payload { idea_id: idea, kind: Some(Kind::IdeaGrill), ..Payload::default() };
    assert_eq!(
        wire(&born, iso).to_string(),
        r#"{"type":"claude_job_enqueued","job_id":"j-1","idea_id":"idea-1","user_id":"ann","product_id":"shop","kind":"IDEA_GRILL","status":"queued","seq":7}"#
    );
}

#[test]
fn a_job_that_moves_has_the_fields_of_the_original() {
    for (on, to, status) in [
        ("claim", "CLAIMED", "claimed"),
        ("start", "RUNNING", "running"),
        ("release", "QUEUED", "queued"),
        ("expire", "QUEUED", "queued"),
        ("fail", "FAILED", "failed"),
        ("skip", "CANCELLED", "cancelled"),
        ("cancel", "CANCELLED", "cancelled"),
    ] {
        let mut moved = event("job", "j-1", ("QUEUED", on, to));
        moved.payload = of_task();
        let expected = r#"{"type":"claude_job_status","job_id":"j-1","task_id":"t-1","user_id":"ann","product_id":"shop","status":"STATUS","branch":"feat/story-1","seq":7}"#;
        assert_eq!(wire(&moved, iso).to_string(), expected.replace("STATUS", status));
    }
    let mut done = event("job", "j-1", ("RUNNING", "finish", "DONE"));
    done.payload = Payload {
        pushed_at: Some(Timestamp(5)),
        pr_url: Some("https://example.org/pull/1".into()),
        verify_result: Some(VerifyResult::Aligned),
        summary: Some("all of it".into()),
        error: Some("none".into()),
        ..of_task()
    };
    assert_eq!(
        wire(&done, iso).to_string(),
        r#"{"type":"claude_job_status","job_id":"j-1","task_id":"t-1","user_id":"ann","product_id":"shop","status":"done","branch":"feat/story-1","pushed_at":"T5","pr_url":"https://example.org/pull/1","verify_result":"aligned","summary":"all of it","error":"none","seq":7}"#
    );
    let idea = Some("idea-1".parse().unwrap());
    done.payload = Payload { idea_id: idea, kind: Some(Kind::IdeaMakePlan), ..Payload::default() };
    assert_eq!(
        wire(&done, iso).to_string(),
        r#"{"type":"claude_job_status","job_id":"j-1","idea_id":"idea-1","user_id":"ann","product_id":"shop","kind":"IDEA_MAKE_PLAN","status":"done","seq":7}"#
    );
}

#[test]
fn a_worker_comes_goes_and_tells_of_its_quota() {
    let told = Payload {
        token_id: Some("tok".parse().unwrap()),
        instance_id: Some("w-1".parse().unwrap()),
        last_quota_pct: Some(40),
        last_quota_check_at: Some(Timestamp(3)),
        ..Payload::default()
    };
    let text = |from, on, to, product: bool| {
        let mut it = event("worker", "tok/w-1", (from, on, to));
        it.payload = told.clone();
        it.product = it.product.filter(|_| product);
        wire(&it, iso).to_string()
    };
    let connected = r#"{"type":"worker_connected","user_id":"ann","token_id":"tok","instance_id":"w-1","product_id":"shop","seq":7}"#;
    assert_eq!(text("", "create", "PRESENT", true), connected);
    assert_eq!(text("ABSENT", "register", "PRESENT", true), connected);
    let gone =
        r#"{"type":"worker_disconnected","user_id":"ann","token_id":"tok","instance_id":"w-1","seq":7}"#;
    assert_eq!(text("PRESENT", "unregister", "ABSENT", false), gone);
    assert_eq!(text("PRESENT", "prune", "ABSENT", false), gone);
    assert_eq!(
        text("PRESENT", "heartbeat", "PRESENT", false),
        r#"{"type":"worker_heartbeat","user_id":"ann","token_id":"tok","instance_id":"w-1","last_quota_pct":40,"last_quota_check_at":"T3","seq":7}"#
    );
}

#[test]
fn any_other_machine_tells_its_move() {
    let mut paused = event("sprint_run", "r-1", ("RUNNING", "pause", "PAUSED"));
    assert_eq!(
        wire(&paused, iso).to_string(),
        r#"{"type":"sprint_run","id":"r-1","event":"pause","from":"running","status":"paused","user_id":"ann","product_id":"shop","at":"T9","seq":7}"#
    );
    (paused.user, paused.product) = (None, None);
    (paused.from, paused.event, paused.to) = (None, "create".into(), "QUEUED".into());
    assert_eq!(
        wire(&paused, iso).to_string(),
        r#"{"type":"sprint_run","id":"r-1","event":"create","status":"queued","at":"T9","seq":7}"#
    );
}
