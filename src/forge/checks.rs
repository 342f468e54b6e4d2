//! Whether the checks of a commit failed or still run.

use serde::Deserialize;

use super::pages::Part;

/// What the checks of a commit say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checks {
    /// None is there, or all passed.
    Passed,
    /// One still runs.
    Pending,
    /// One failed.
    Failed,
}

/// The statuses of a commit, as both kinds of forges sum them up.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Statuses {
    statuses: Option<Vec<Status>>,
}

#[derive(Deserialize)]
struct Status {
    /// GitHub's name of the field is `state`, Forgejo's `status`.
    #[serde(alias = "status")]
    state: Option<String>,
}

/// The check runs of a commit at GitHub.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Runs {
    check_runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    status: Option<String>,
    conclusion: Option<String>,
}

impl Statuses {
    pub(super) fn judged(&self) -> Checks {
        let judge = |status: &Status| match status.state.as_deref() {
            Some("failure" | "error") => Checks::Failed,
            Some("pending") => Checks::Pending,
            _ => Checks::Passed,
        };
        self.statuses.iter().flatten().map(judge).max().unwrap_or(Checks::Passed)
    }
}

impl Part for Statuses {
    fn entries(&self) -> usize {
        self.statuses.iter().flatten().count()
    }
}

impl Runs {
    pub(super) fn judged(&self) -> Checks {
        let judge = |run: &Run| match (run.status.as_deref(), run.conclusion.as_deref()) {
            (_, Some("success" | "neutral" | "skipped")) => Checks::Passed,
            (_, Some(_)) => Checks::Failed,
            (_, None) => Checks::Pending,
        };
        self.check_runs.iter().map(judge).max().unwrap_or(Checks::Passed)
    }
}
