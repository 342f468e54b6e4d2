//! Which job a command means: by its id, or by the end of its id.

use std::str::FromStr;

use crate::cli::error::CliError;
use crate::cli::wiring::JobFilter;
use crate::domain::id::{BadId, JobId};
use crate::flow::{Session, Sprintgate};

/// A job's id, or at least six characters of its end.
#[derive(Debug, Clone)]
pub(crate) struct JobArg(String);

/// The fewest characters that stand for a job.
const SHORTEST: usize = 6;

/// Ids that Sprintgate makes have this length; a text that is shorter may be the end of one.
const FULL: usize = 32;

/// Among how many of the newest jobs an end is looked for.
const NEWEST: u32 = 1000;

impl FromStr for JobArg {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        // an end of an id may start with a hyphen, which an id may not
        JobId::new(text.trim_start_matches('-')).map(|_| Self(text.to_owned()))
    }
}

/// The id that is meant. Text that is the end of no job's id is taken for an id.
pub(crate) async fn which(app: &Sprintgate, session: &Session, job: &JobArg) -> Result<String, CliError> {
    let JobArg(text) = job;
    if text.len() < SHORTEST || text.len() >= FULL {
        return Ok(text.clone());
    }
    let jobs = app.list_jobs(session, JobFilter { limit: NEWEST, ..JobFilter::default() }).await?;
    let ids: Vec<&str> =
        jobs.iter().map(|job| job.job_id.as_str()).filter(|id| id.ends_with(text.as_str())).collect();
    match ids.as_slice() {
        _ if ids.contains(&text.as_str()) => Ok(text.clone()),
        [] => Ok(text.clone()),
        [one] => Ok((*one).to_owned()),
        several => Err(CliError::argument(
            "JOB",
            format!("`{text}` is the end of several ids: {}", several.join(", ")),
        )),
    }
}
