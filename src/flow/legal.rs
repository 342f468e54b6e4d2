//! What a worker may call next, from the job's place in the table.

use crate::domain::job::{Event, Status};

/// The calls that are legal for a worker whose job is `status`.
pub(super) fn next(status: Status) -> Vec<String> {
    let mut calls = Vec::new();
    if status.is_held() {
        calls.extend(["job_heartbeat", "verify_task_against_plan"]);
    }
    for event in status.legal_next() {
        calls.extend(match event {
            Event::Start => Some("update_job_status:running"),
            Event::Finish => Some("update_job_status:done"),
            Event::Fail => Some("update_job_status:failed"),
            Event::Skip => Some("update_job_status:skipped"),
            // The rest is fired by the system, the runner or a person.
            Event::Claim | Event::Release | Event::Expire | Event::Cancel => None,
        });
    }
    if status.is_terminal() || status == Status::Queued {
        calls.push("wait_for_job");
    }
    calls.into_iter().map(str::to_owned).collect()
}
