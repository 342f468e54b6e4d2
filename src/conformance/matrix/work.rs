//! How the tables of jobs, attempts, runs and executions are written by hand.

use super::table::{ONE, Table};

const JOB: Table = Table {
    machine: "job",
    name: "claude_jobs",
    id: "{n}",
    key: "claude_jobs.id",
    rename: "id = 'other'",
    born: "
        id = '{n}'
        user_id = 'u'
        product_id = 'p'
        task_id = '{n}'
        sprint_sequence = 0
        kind = 'TASK_IMPLEMENTATION'
        ready = TRUE
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("QUEUED", "not_before = 1"),
        (
            "CLAIMED",
            "
            claimed_by_token_id = 't'
            worker_instance_id = 'w'
            lease_until = 9
            claimed_at = 1
            plan_snapshot = ''
            verify_required_snapshot = 'ANY'
            verify_only_snapshot = FALSE
            ",
        ),
        (
            "RUNNING",
            "
            claimed_by_token_id = 't'
            worker_instance_id = 'w'
            lease_until = 9
            claimed_at = 1
            plan_snapshot = ''
            verify_required_snapshot = 'ANY'
            verify_only_snapshot = FALSE
            started_at = 2
            ",
        ),
        (
            "DONE",
            "
            claimed_at = 1
            plan_snapshot = ''
            verify_required_snapshot = 'ANY'
            verify_only_snapshot = FALSE
            started_at = 2
            finished_at = 3
            verify_result = 'ALIGNED'
            verified_sha = 'c'
            verified_at = 2
            head_sha = 'c'
            pushed_at = 3
            end_cause = 'finished'
            ",
        ),
        (
            "FAILED",
            "
            claimed_at = 1
            plan_snapshot = ''
            verify_required_snapshot = 'ANY'
            verify_only_snapshot = FALSE
            finished_at = 3
            end_cause = 'reported'
            ",
        ),
        (
            "CANCELLED",
            "
            claimed_at = {kept}
            plan_snapshot = {kept}
            verify_required_snapshot = {kept}
            verify_only_snapshot = {kept}
            finished_at = 3
            end_cause = 'user'
            ",
        ),
    ],
    // The number that fences writes grows with a claim, which another trigger holds.
    always: "attempt = attempt + CAST('{event}' = 'claim' AND {seq} > ledger_seq AS INTEGER)",
    kinds: ONE,
};

const ENDED: &str = "ended_at = 3";

const ATTEMPT: Table = Table {
    machine: "attempt",
    name: "attempts",
    id: "{n}/1",
    key: "attempts.job_id, attempts.number",
    rename: "number = 2",
    born: "
        job_id = '{n}'
        number = 1
        token_id = 't'
        worker_instance_id = 'w'
        host = 'here'
        plan_snapshot = ''
        verify_required_snapshot = 'ANY'
        verify_only_snapshot = FALSE
        claimed_at = 1
        updated_at = 1
    ",
    dress: &[
        ("HELD", ""),
        ("FINISHED", ENDED),
        ("FAILED", ENDED),
        ("GIVEN_BACK", ENDED),
        ("EXPIRED", ENDED),
        ("SKIPPED", ENDED),
        ("CANCELLED", ENDED),
    ],
    always: "",
    kinds: ONE,
};

const RUN: Table = Table {
    machine: "sprint_run",
    name: "sprint_runs",
    id: "{n}",
    key: "sprint_runs.id",
    rename: "id = 'other'",
    born: "
        id = '{n}'
        sprint_id = '{n}'
        started_by_id = 'u'
        pr_strategy = 'SPRINT_BATCH'
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("QUEUED", ""),
        ("RUNNING", "started_at = 1"),
        (
            "PAUSED",
            r#"
            started_at = 1
            pause_context = '{"pause_reason":"QUOTA_DEPLETED","resume_instructions":"wait","paused_at":2}'
            "#,
        ),
        ("DONE", "finished_at = 3"),
        (
            "FAILED",
            "
            finished_at = 3
            failure_reason = 'no'
            ",
        ),
        ("CANCELLED", "finished_at = 3"),
    ],
    always: "",
    kinds: ONE,
};

const EXECUTION: Table = Table {
    machine: "task_execution",
    name: "sprint_task_executions",
    id: "{n}",
    key: "sprint_task_executions.id",
    rename: "id = 'other'",
    born: "
        id = '{n}'
        sprint_job_id = '{n}'
        task_id = 'k'
        \"order\" = 0
        plan_snapshot = ''
        verify_required_snapshot = 'ANY'
        verify_only_snapshot = FALSE
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("PENDING", ""),
        (
            "RUNNING",
            "
            base_sha = 'a'
            started_at = 1
            ",
        ),
        (
            "DONE",
            "
            base_sha = 'a'
            started_at = 1
            finished_at = 3
            verify_result = 'ALIGNED'
            verified_sha = 'b'
            verified_at = 2
            head_sha = 'b'
            ",
        ),
        (
            "FAILED",
            "
            base_sha = 'a'
            started_at = 1
            finished_at = 3
            error = 'no'
            ",
        ),
        (
            "SKIPPED",
            "
            finished_at = 3
            skip_reason = 'there was nothing to do'
            ",
        ),
    ],
    always: "",
    kinds: ONE,
};

pub(super) fn tables() -> Vec<Table> {
    vec![JOB, ATTEMPT, RUN, EXECUTION]
}
