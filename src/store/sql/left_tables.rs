//! The tables that leave for an archive: their columns, and their cells as they leave.

/// The cells of a table's row, in the order of its columns. Whoever uses it has the dialect's `millis`.
macro_rules! left_cells {
    (claude_jobs) => {
        concat!(
            "id, user_id, product_id, task_id, sprint_run_id, sprint_sequence, kind, branch, ",
            "repo_url, CAST(ready AS INTEGER), CAST(waiting AS INTEGER), ",
            millis!("not_before"),
            ", attempt, claimed_by_token_id, worker_instance_id, ",
            millis!("lease_until"),
            ", ",
            millis!("claimed_at"),
            ", ",
            millis!("started_at"),
            ", ",
            millis!("finished_at"),
            ", plan_snapshot, verify_required_snapshot, CAST(verify_only_snapshot AS INTEGER), ",
            "base_sha, verify_result, verified_sha, ",
            millis!("verified_at"),
            ", verify_reasoning, head_sha, ",
            millis!("pushed_at"),
            ", pr_url, end_cause, caused_by, waived_by, waive_reason, summary, error, ",
            millis!("stop_ordered_at"),
            ", ",
            millis!("stop_confirmed_at"),
            ", stop_confirmed_how, model_id, input_tokens, output_tokens, cache_read_tokens, ",
            "cache_write_tokens, status, status_event, ledger_seq, ",
            millis!("created_at"),
            ", ",
            millis!("updated_at"),
            ", idea_id, requested_model, requested_thinking_budget, requested_permission_mode, ",
            "actual_thinking_tokens, repo_key",
        )
    };
    (attempts) => {
        concat!(
            "job_id, number, token_id, worker_instance_id, host, plan_snapshot, ",
            "verify_required_snapshot, CAST(verify_only_snapshot AS INTEGER), branch, base_sha, ",
            "published_sha, verify_result, verified_sha, ",
            millis!("verified_at"),
            ", ",
            millis!("claimed_at"),
            ", ",
            millis!("ended_at"),
            ", reported, status, status_event, ledger_seq, ",
            millis!("updated_at"),
        )
    };
    (sprint_task_executions) => {
        concat!(
            "id, sprint_job_id, task_id, \"order\", plan_snapshot, verify_required_snapshot, ",
            "CAST(verify_only_snapshot AS INTEGER), base_sha, head_sha, verify_result, ",
            "verified_sha, ",
            millis!("verified_at"),
            ", verify_summary, skip_reason, waived_by, waive_reason, ",
            millis!("waived_at"),
            ", error, ",
            millis!("started_at"),
            ", ",
            millis!("finished_at"),
            ", status, status_event, ledger_seq, ",
            millis!("created_at"),
            ", ",
            millis!("updated_at"),
        )
    };
    (sent_commits) => {
        concat!("repo_url, branch, commit_sha, job_id, attempt, ", millis!("sent_at"),)
    };
    (worktrees) => {
        concat!(
            "job_id, attempt, CAST(locks AS TEXT), ",
            millis!("waits_since"),
            ", ",
            millis!("lease_until"),
            ", CAST(missing AS TEXT), error, ",
            millis!("finished_at"),
            ", status, status_event, ledger_seq, ",
            millis!("created_at"),
            ", ",
            millis!("updated_at"),
        )
    };
    (salvages) => {
        concat!(
            "job_id, attempt, repo_url, ref, commit_sha, kind, paths, ",
            millis!("salvaged_at"),
            ", ",
            millis!("restored_at"),
            ", ",
            millis!("pruned_at"),
        )
    };
    (effects) => {
        concat!(
            "id, kind, product_id, job_id, CAST(payload AS TEXT), host, lane, place, ",
            "CAST(behind AS INTEGER), tries, tries_max, ",
            millis!("due_at"),
            ", holder, ",
            millis!("lease_until"),
            ", last_error, ",
            millis!("finished_at"),
            ", gave_up_why, dismissed_by, dismiss_reason, status, status_event, ledger_seq, ",
            millis!("created_at"),
            ", ",
            millis!("updated_at"),
            ", effect_key",
        )
    };
}

/// Columns of `claude_jobs`.
pub(super) const CLAUDE_JOBS: &[&str] = &[
    "id",
    "user_id",
    "product_id",
    "task_id",
    "sprint_run_id",
    "sprint_sequence",
    "kind",
    "branch",
    "repo_url",
    "ready",
    "waiting",
    "not_before",
    "attempt",
    "claimed_by_token_id",
    "worker_instance_id",
    "lease_until",
    "claimed_at",
    "started_at",
    "finished_at",
    "plan_snapshot",
    "verify_required_snapshot",
    "verify_only_snapshot",
    "base_sha",
    "verify_result",
    "verified_sha",
    "verified_at",
    "verify_reasoning",
    "head_sha",
    "pushed_at",
    "pr_url",
    "end_cause",
    "caused_by",
    "waived_by",
    "waive_reason",
    "summary",
    "error",
    "stop_ordered_at",
    "stop_confirmed_at",
    "stop_confirmed_how",
    "model_id",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "status",
    "status_event",
    "ledger_seq",
    "created_at",
    "updated_at",
    "idea_id",
    "requested_model",
    "requested_thinking_budget",
    "requested_permission_mode",
    "actual_thinking_tokens",
    "repo_key",
];

/// Columns of `attempts`.
pub(super) const ATTEMPTS: &[&str] = &[
    "job_id",
    "number",
    "token_id",
    "worker_instance_id",
    "host",
    "plan_snapshot",
    "verify_required_snapshot",
    "verify_only_snapshot",
    "branch",
    "base_sha",
    "published_sha",
    "verify_result",
    "verified_sha",
    "verified_at",
    "claimed_at",
    "ended_at",
    "reported",
    "status",
    "status_event",
    "ledger_seq",
    "updated_at",
];

/// Columns of `sprint_task_executions`.
pub(super) const SPRINT_TASK_EXECUTIONS: &[&str] = &[
    "id",
    "sprint_job_id",
    "task_id",
    "order",
    "plan_snapshot",
    "verify_required_snapshot",
    "verify_only_snapshot",
    "base_sha",
    "head_sha",
    "verify_result",
    "verified_sha",
    "verified_at",
    "verify_summary",
    "skip_reason",
    "waived_by",
    "waive_reason",
    "waived_at",
    "error",
    "started_at",
    "finished_at",
    "status",
    "status_event",
    "ledger_seq",
    "created_at",
    "updated_at",
];

/// Columns of `sent_commits`.
pub(super) const SENT_COMMITS: &[&str] =
    &["repo_url", "branch", "commit_sha", "job_id", "attempt", "sent_at"];

/// Columns of `worktrees`.
pub(super) const WORKTREES: &[&str] = &[
    "job_id",
    "attempt",
    "locks",
    "waits_since",
    "lease_until",
    "missing",
    "error",
    "finished_at",
    "status",
    "status_event",
    "ledger_seq",
    "created_at",
    "updated_at",
];

/// Columns of `salvages`.
pub(super) const SALVAGES: &[&str] = &[
    "job_id",
    "attempt",
    "repo_url",
    "ref",
    "commit_sha",
    "kind",
    "paths",
    "salvaged_at",
    "restored_at",
    "pruned_at",
];

/// Columns of `effects`.
pub(super) const EFFECTS: &[&str] = &[
    "id",
    "kind",
    "product_id",
    "job_id",
    "payload",
    "host",
    "lane",
    "place",
    "behind",
    "tries",
    "tries_max",
    "due_at",
    "holder",
    "lease_until",
    "last_error",
    "finished_at",
    "gave_up_why",
    "dismissed_by",
    "dismiss_reason",
    "status",
    "status_event",
    "ledger_seq",
    "created_at",
    "updated_at",
    "effect_key",
];

pub(super) use left_cells;
