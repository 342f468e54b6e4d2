//! The lines by which a commit can be traced to the jobs that made it.

use std::fmt::Write;

use crate::domain::gate::Evidence;
use crate::domain::id::JobId;

/// Jobs that are named; a story with more has the last ones.
const JOBS_MAX: usize = 50;
/// Characters of a digest that are kept.
const DIGEST_MAX: usize = 128;

/// What is said of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trailers<'a> {
    /// The job.
    pub job: &'a JobId,
    /// The attempt that finished it.
    pub attempt: u32,
    /// A digest of the plan that the attempt had, if it had one.
    pub plan: Option<&'a str>,
    /// What the server saw when it compared plan and commit.
    pub evidence: Option<&'a Evidence>,
}

/// Four lines a job, as git reads trailers; empty without jobs.
pub(super) fn lines(jobs: &[Trailers<'_>]) -> String {
    let mut lines = String::new();
    for job in jobs.iter().skip(jobs.len().saturating_sub(JOBS_MAX)) {
        // Writing to a text does not fail.
        let _ = writeln!(lines, "Sprintgate-Job: {}", job.job);
        let _ = writeln!(lines, "Sprintgate-Attempt: {}", job.attempt);
        if let Some(plan) = job.plan.map(digest).filter(|plan| !plan.is_empty()) {
            let _ = writeln!(lines, "Sprintgate-Plan: {plan}");
        }
        if let Some(evidence) = job.evidence {
            let _ = writeln!(lines, "Sprintgate-Evidence: {} {}", evidence.result, evidence.commit);
        }
    }
    lines
}

/// Only what digests are made of.
fn digest(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-')).take(DIGEST_MAX).collect()
}
