//! The lines by which a commit can be traced to the jobs that made it: those of a pull request and its merge, and those
//! of each commit of an attempt, where the product asks for them.

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
        for line in CommitTrailers::new(job.job, job.attempt, job.plan).lines() {
            lines.push_str(&line);
            lines.push('\n');
        }
        if let Some(evidence) = job.evidence {
            // Writing to a text does not fail.
            let _ = writeln!(lines, "Sprintgate-Evidence: {} {}", evidence.result, evidence.commit);
        }
    }
    lines
}

/// What each commit of an attempt says. The evidence is not among it: it is about a commit that is there already.
///
/// ```
/// use sprintgate::domain::{id::JobId, publication::CommitTrailers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let said = CommitTrailers::new(&"job-1".parse::<JobId>()?, 2, Some("9f86d0"));
/// assert_eq!(said.lines(), ["Sprintgate-Job: job-1", "Sprintgate-Attempt: 2", "Sprintgate-Plan: 9f86d0"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitTrailers([(&'static str, String); 3]);

impl CommitTrailers {
    /// Of an attempt of a job, and the digest of the plan that it has.
    #[must_use]
    pub fn new(job: &JobId, attempt: u32, plan: Option<&str>) -> Self {
        let plan = plan.map(digest).unwrap_or_default();
        Self([
            ("Sprintgate-Job", job.to_string()),
            ("Sprintgate-Attempt", attempt.to_string()),
            ("Sprintgate-Plan", plan),
        ])
    }

    /// The lines, as git reads trailers; that of the plan only where there is one.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.all()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}: {value}"))
            .collect()
    }

    /// Each name with its value, which is empty where there is none. A value has letters, digits, `:` and `-` only.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

/// Only what digests are made of.
fn digest(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-')).take(DIGEST_MAX).collect()
}
