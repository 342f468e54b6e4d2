//! What a failure of a job would do.

use serde::Serialize;

use crate::domain::cascade::Planned;

/// What a failure of a job, reported by its worker, would do now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CascadePlan {
    /// The job.
    pub job_id: String,
    /// Where it is.
    pub status: String,
    /// Why it ended.
    pub end_cause: Option<String>,
    /// It has ended, so that it cannot fail any more.
    pub ended: bool,
    /// It failed, and that cancelled its siblings: the steps are what is undone besides.
    pub cascaded: bool,
    /// What the steps are, in one sentence.
    pub verdict: String,
    /// The steps, in order.
    pub steps: Vec<CascadeStep>,
    /// Every row that the plan depends on was read; else there are too many, and steps may be missing or wrong.
    pub complete: bool,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CascadeStep {
    /// What, under which condition, and after which others.
    #[serde(flatten)]
    pub planned: Planned,
    /// Who does it: `failure` (at once, in the same transaction), `worker`, `tidy` (the worktrees'), `effect`, or `person`
    /// where no forge of the repository is configured here, or nothing was published that rows know of.
    pub by: &'static str,
    /// The effect that does it, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<StepEffect>,
}

/// Where the effect of a step is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepEffect {
    /// Its id, for `effects show`.
    pub effect_id: String,
    /// Its status.
    pub status: String,
    /// Why it was passed over, if it was: what it is conditional on did not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed_over: Option<String>,
    /// What its last try met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
