//! What became of a job after its agent ended, in words for the log and for whoever reads the job's history.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use super::watch::Over;

/// Why an agent ended, or was ended.
#[derive(Debug)]
pub(super) enum Why {
    /// It ended by itself.
    Exited(ExitStatus),
    /// Its right to work ended.
    Lease(Over),
    /// It worked for longer than it may.
    Limit(Duration),
    /// The runner was told to stop.
    Stopped,
    /// The system does not say what became of it.
    Unknown(std::io::Error),
    /// It could not be started.
    NotStarted(String),
    /// Its runner died before it.
    Orphaned,
}

/// What became of the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It ended while the agent had it.
    Ended,
    /// It was given back.
    GivenBack,
    /// Somebody else has it.
    Lost,
}

impl Why {
    /// Why the job is given back, if it still has to be.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Exited(status) => match (status.code(), status.signal()) {
                (Some(0), _) => "the agent ended without a report (exit status 0)".to_owned(),
                (Some(code), _) => format!("the agent ended without a report (exit status {code})"),
                (None, Some(signal)) => format!("the agent was killed by signal {signal}"),
                (None, None) => "the agent ended in an unknown way".to_owned(),
            },
            Self::Lease(Over::Told(error)) => format!("the lease was not renewed: {error}"),
            Self::Lease(Over::Unsure) => "the lease could not be renewed in time".to_owned(),
            Self::Limit(limit) => format!("the agent worked for longer than {} s", limit.as_secs()),
            Self::Stopped => "the runner was told to stop".to_owned(),
            Self::Unknown(error) => format!("what became of the agent is unknown: {error}"),
            Self::NotStarted(why) => format!("no agent could be started: {why}"),
            Self::Orphaned => "the runner of this attempt died".to_owned(),
        }
    }
}
