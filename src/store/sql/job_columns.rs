//! The columns of a job that a move may change, in the order in which they are bound: for one job and for many.

use super::tx::Bound;
use super::values::At;
use crate::domain::job;
use crate::domain::machine::Word;

/// The columns of a job that a move may change, from what is bound: status, event, time, then each by its name.
macro_rules! own_job {
    (to $to:expr, event $event:expr, now $now:expr, $($column:ident: $value:expr),+; due $due:expr) => {
        concat!(
            $(stringify!($column), " = ", $value, ", ",)+
            "stop_ordered_at = CASE WHEN ", $to, " = 'CLAIMED' THEN NULL WHEN ", $event,
            " = 'cancel' AND status IN ('CLAIMED', 'RUNNING') THEN ", $now, " ELSE stop_ordered_at END, ",
            "waiting = coalesce(", $due, " > ", $now, ", FALSE), ",
            "ready = CASE WHEN ", $to, " <> 'QUEUED' OR sprint_run_id IS NULL THEN ready ",
            "ELSE ready AND EXISTS (SELECT 1 FROM sprint_runs r WHERE r.id = sprint_run_id ",
            "AND r.status IN ('QUEUED', 'RUNNING')) END, ",
            "verify_reasoning = CASE WHEN ", $to, " IN ('QUEUED', 'CLAIMED') THEN NULL ELSE verify_reasoning END",
            own_job!(@ $to, stop_confirmed_at), own_job!(@ $to, stop_confirmed_how), own_job!(@ $to, pr_url),
            own_job!(@ $to, model_id), own_job!(@ $to, input_tokens), own_job!(@ $to, output_tokens),
            own_job!(@ $to, cache_read_tokens), own_job!(@ $to, cache_write_tokens),
            own_job!(@ $to, actual_thinking_tokens)
        )
    };
    // What a claim begins without.
    (@ $to:expr, $column:ident) => {
        concat!(", ", stringify!($column), " = CASE WHEN ", $to, " = 'CLAIMED' THEN NULL ELSE ", stringify!($column), " END")
    };
}

/// A job's own columns as a single move binds them.
macro_rules! one_job {
    () => {
        own_job!(to "$1", event "$2", now "$3",
            attempt: "$7", not_before: "$8", claimed_by_token_id: "$9", worker_instance_id: "$10",
            lease_until: "$11", claimed_at: "$12", started_at: "$13", finished_at: "$14",
            plan_snapshot: "$15", verify_required_snapshot: "$16", verify_only_snapshot: "$17",
            base_sha: "$18", verify_result: "$19", verified_sha: "$20", verified_at: "$21",
            head_sha: "$22", pushed_at: "$23", end_cause: "$24", caused_by: "$25", waived_by: "$26",
            waive_reason: "$27", summary: "$28", error: "$29";
            due "$8")
    };
}

/// The same as many moves give them.
macro_rules! many_jobs {
    () => {
        own_job!(to "w.n_status", event "w.n_event", now "$2",
            attempt: "w.n_attempt", not_before: moment!("w.n_not_before"),
            claimed_by_token_id: "w.n_token", worker_instance_id: "w.n_worker",
            lease_until: moment!("w.n_lease_until"), claimed_at: moment!("w.n_claimed_at"),
            started_at: moment!("w.n_started_at"), finished_at: moment!("w.n_finished_at"),
            plan_snapshot: "w.n_plan", verify_required_snapshot: "w.n_required",
            verify_only_snapshot: "w.n_verify_only", base_sha: "w.n_base", verify_result: "w.n_result",
            verified_sha: "w.n_verified_sha", verified_at: moment!("w.n_verified_at"),
            head_sha: "w.n_head", pushed_at: moment!("w.n_pushed_at"), end_cause: "w.n_end_cause",
            caused_by: "w.n_caused_by", waived_by: "w.n_waived_by", waive_reason: "w.n_waive_reason",
            summary: "w.n_summary", error: "w.n_error";
            due moment!("w.n_not_before"))
    };
}

pub(super) use {many_jobs, one_job, own_job};

/// Binds them, from $7 on.
pub(super) fn bound<'q>(to: Bound<'q>, row: &'q job::Row) -> Bound<'q> {
    let evidence = row.evidence.as_ref();
    let publication = row.publication.as_ref();
    to.bind(i64::from(row.attempt))
        .bind(row.not_before.map(At))
        .bind(row.token.as_ref().map(|id| id.as_str()))
        .bind(row.worker.as_ref().map(|id| id.as_str()))
        .bind(row.lease_until.map(At))
        .bind(row.claimed_at.map(At))
        .bind(row.started_at.map(At))
        .bind(row.finished_at.map(At))
        .bind(row.plan.as_deref())
        .bind(row.policy.map(|p| p.required.word()))
        .bind(row.policy.map(|p| p.verify_only))
        .bind(row.base.as_ref().map(|c| c.as_str()))
        .bind(evidence.map(|e| e.result.word()))
        .bind(evidence.map(|e| e.commit.as_str()))
        .bind(evidence.map(|e| At(e.at)))
        .bind(publication.map(|p| p.commit.as_str()))
        .bind(publication.map(|p| At(p.at)))
        .bind(row.end_cause.map(Word::word))
        .bind(row.caused_by.as_ref().map(|id| id.as_str()))
        .bind(row.waived_by.as_ref().map(|id| id.as_str()))
        .bind(row.waive_reason.as_deref())
        .bind(row.summary.as_deref())
        .bind(row.error.as_deref())
}
