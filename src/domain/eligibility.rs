//! Whether a job can be claimed, and if not, which guard is the first that does not hold and what it read.

use super::id::JobId;
use super::job;
use super::run;
use super::time::Timestamp;

/// What the guards read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where the job is.
    pub status: job::Status,
    /// What kind of work it is.
    pub kind: job::Kind,
    /// Where its run is, if it belongs to one.
    pub run: Option<run::Status>,
    /// The open job before it on its branch.
    pub ahead: Option<JobId>,
    /// Not before this moment.
    pub not_before: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// The first guard that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotClaimable {
    /// It has ended.
    #[error("it has ended: {0}")]
    Ended(job::Status),
    /// A worker holds it.
    #[error("a worker holds it: {0}")]
    HeldNow(job::Status),
    /// Work on code belongs to a sprint run.
    #[error("a {0} job belongs to a sprint run, and this one has none")]
    NoRun(job::Kind),
    /// Its run hands out no jobs.
    #[error("its sprint run is {0}, and only a QUEUED or RUNNING run hands out jobs")]
    RunHandsOutNone(run::Status),
    /// An earlier job of its branch is open.
    #[error("job {0} comes first on its branch and has not ended")]
    Behind(JobId),
    /// It waits after an attempt that was given back.
    #[error("it waits after an attempt that was given back")]
    Waits(Timestamp),
}

impl NotClaimable {
    /// The guard as a word, for programs.
    #[must_use]
    pub fn guard(&self) -> &'static str {
        match self {
            Self::Ended(_) => "not_ended",
            Self::HeldNow(_) => "not_held",
            Self::NoRun(_) => "has_run",
            Self::RunHandsOutNone(_) => "run_hands_out_jobs",
            Self::Behind(_) => "first_on_branch",
            Self::Waits(_) => "time_has_come",
        }
    }
}

/// Checks every guard of a claim in order.
///
/// # Errors
/// The first that does not hold.
pub fn check(facts: &Facts) -> Result<(), NotClaimable> {
    if facts.status.is_terminal() {
        return Err(NotClaimable::Ended(facts.status));
    }
    if facts.status.is_held() {
        return Err(NotClaimable::HeldNow(facts.status));
    }
    match facts.run {
        None if facts.kind.changes_code() => return Err(NotClaimable::NoRun(facts.kind)),
        Some(status) if !status.hands_out_jobs() => return Err(NotClaimable::RunHandsOutNone(status)),
        _ => {}
    }
    if let Some(ahead) = &facts.ahead {
        return Err(NotClaimable::Behind(ahead.clone()));
    }
    match facts.not_before {
        Some(until) if until > facts.now => Err(NotClaimable::Waits(until)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimable() -> Facts {
        Facts {
            status: job::Status::Queued,
            kind: job::Kind::TaskImplementation,
            run: Some(run::Status::Running),
            ahead: None,
            not_before: Some(Timestamp(5)),
            now: Timestamp(5),
        }
    }

    #[test]
    fn each_guard_is_named() {
        assert_eq!(check(&claimable()), Ok(()));
        assert_eq!(check(&Facts { run: Some(run::Status::Queued), ..claimable() }), Ok(()));
        let id = JobId::new("j1").unwrap();
        let guard = |facts: Facts| check(&facts).unwrap_err().guard();
        assert_eq!(guard(Facts { status: job::Status::Done, ..claimable() }), "not_ended");
        assert_eq!(guard(Facts { status: job::Status::Claimed, ..claimable() }), "not_held");
        assert_eq!(guard(Facts { run: None, ..claimable() }), "has_run");
        assert_eq!(guard(Facts { run: Some(run::Status::Paused), ..claimable() }), "run_hands_out_jobs");
        assert_eq!(guard(Facts { ahead: Some(id), ..claimable() }), "first_on_branch");
        assert_eq!(guard(Facts { now: Timestamp(4), ..claimable() }), "time_has_come");
    }
}
