//! An agent's whole life with a job, step by step, for as long as its server lives.

use serde_json::{Value, json};

use super::server::{Dead, Server};
use super::shop::{commit, done, write};

/// What came of a life that no kill ended.
#[derive(Debug, PartialEq)]
pub(super) enum End {
    /// There was nothing to claim.
    Idle,
    /// It was done.
    Done,
}

/// What an agent wrote into its worktree.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) job: Value,
    pub(super) text: String,
    /// What the server judged, and did not find wanting.
    pub(super) verified: Option<String>,
}

/// Claims, works, asks for a verdict and says done. What it wrote is kept in `written`.
pub(super) fn live(server: &mut Server, tag: &str, written: &mut Vec<Written>) -> Result<End, Dead> {
    let job = good(server.call("wait_for_job", &json!({ "wait_seconds": 0 }))?);
    if job["status"] != "claimed" {
        return Ok(End::Idle);
    }
    let at = json!({ "job_id": job["job_id"], "attempt": job["attempt"] });
    let with = |status: &str| {
        let mut args = at.clone();
        args["status"] = status.into();
        args
    };
    good(server.call("update_job_status", &with("running"))?);
    let text = format!("{tag}-attempt-{}", job["attempt"]);
    write(&job, &text);
    written.push(Written { job: job.clone(), text, verified: None });
    good(server.call("job_heartbeat", &at)?);
    let head = commit(&job);
    let ask = json!({ "task_id": job["task"]["id"], "attempt": job["attempt"] });
    let seen = good(server.call("verify_task_against_plan", &ask)?);
    assert_eq!((&seen["result"], &seen["head_sha"]), (&json!("aligned"), &json!(head)), "{seen}");
    written.last_mut().unwrap().verified = Some(head);
    let answer = good(server.call("update_job_status", &done(&job))?);
    assert_eq!(answer["status"], "done", "{answer}");
    Ok(End::Done)
}

#[track_caller]
fn good((refused, answer): (bool, Value)) -> Value {
    assert!(!refused, "{answer}");
    answer
}
