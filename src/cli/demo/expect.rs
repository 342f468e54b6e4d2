//! What the demo has to come to. It checks itself: a demo that only looks right is none.

use super::dialogue::Exchange;
use crate::flow::wire::{Board, JobLine};

type End = (&'static str, &'static str, &'static str, Option<&'static str>, u32, bool);

/// How each job has to end: task, status, cause, verdict, attempts, pushed.
const JOBS: &[End] = &[
    ("T-1", "DONE", "finished", Some("ALIGNED"), 1, true),
    ("T-2", "DONE", "finished", Some("PARTIAL"), 1, true),
    ("T-3", "DONE", "finished", Some("ALIGNED"), 2, true),
    ("T-4", "FAILED", "reported", Some("DIVERGENT"), 1, false),
    ("T-5", "CANCELLED", "cascade", Some("EMPTY"), 1, false),
];

/// What the gate has to refuse, and to whom.
const REFUSALS: &[(&str, i64, &str)] = &[
    ("T-2", 1, "GATE_SUMMARY_MISSING"),
    ("T-3", 1, "LEASE_LOST"),
    ("T-4", 1, "GATE_NOT_ALIGNED"),
    ("T-5", 1, "NOT_VERIFIED"),
    ("T-5", 1, "GATE_EMPTY"),
];

/// How the runs have to end, newest first.
const RUNS: &[&str] = &["FAILED", "DONE"];

/// Everything that is not as it has to be.
pub(super) fn surprises(board: &Board, dialogue: &[Exchange]) -> Vec<String> {
    let mut surprises = Vec::new();
    for (task, status, cause, verdict, attempts, pushed) in JOBS {
        let found = board.jobs.iter().find(|job| job.task_code.as_deref() == Some(task));
        let seen = found.map(|job: &JobLine| {
            let (cause, verdict) = (job.end_cause.as_deref(), job.verify_result.as_deref());
            (job.status.as_str(), cause, verdict, job.attempt, job.head_sha.is_some())
        });
        let wanted = (*status, Some(*cause), *verdict, *attempts, *pushed);
        if seen != Some(wanted) {
            surprises.push(format!("{task} should be {wanted:?}, and is {seen:?}"));
        }
    }
    for (task, attempt, code) in REFUSALS {
        let refused = dialogue.iter().any(|said| {
            said.task == *task && said.attempt == *attempt && said.refused.as_deref() == Some(code)
        });
        if !refused {
            surprises.push(format!("{task} (attempt {attempt}) should have been refused with {code}"));
        }
    }
    let runs: Vec<&str> = board.runs.iter().map(|run| run.status.as_str()).collect();
    if runs != RUNS {
        surprises.push(format!("the sprint runs should be {RUNS:?}, and are {runs:?}"));
    }
    surprises
}
