//! Whether a cascade undoes a branch: by level, from the jobs that are on it, and the others of their backlog items.

use crate::domain::cascade;
use crate::domain::id::JobId;
use crate::domain::job::{EndCause, Status};
use crate::domain::remote::RemoteUrl;
use crate::flow::FlowError;
use crate::store::{PullRequestRecord, Tx};

/// Jobs that failed or were cancelled that are looked at, the last first.
const ENDED_MAX: u32 = 200;

/// Whether a cascade undoes the branch of a publication, and no job was made for the branch since.
pub(in crate::flow) async fn is_undone(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
) -> Result<bool, FlowError> {
    undone_by(tx, record).await.map(|job| job.is_some())
}

/// The last job by which the branch is undone: one of it that failed in a way that cascades, or that a cascade cancelled, or
/// one of the same backlog item that failed so on another branch, unless a job of another backlog item went on here and was
/// DONE after it. What belongs to another backlog item and only ended with its run is not undone, as in the plan of a
/// cascade. None when a job was made for the branch since.
pub(in crate::flow) async fn undone_by(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
) -> Result<Option<JobId>, FlowError> {
    let Ok(url) = RemoteUrl::new(record.repo_url.as_str()) else { return Ok(None) };
    let mut ended = tx.undone_on(&url, &record.row.branch, ENDED_MAX).await?;
    ended.extend(tx.failed_beside(&url, &record.row.branch, ENDED_MAX).await?);
    if ended.is_empty() {
        return Ok(None);
    }
    let facts = tx.publication_facts(&record.row.id).await?;
    let on_infrastructure = facts.is_some_and(|facts| facts.cascade_on_infrastructure);
    let undoes = |status, cause: Option<EndCause>| match (status, cause) {
        (Status::Failed, Some(cause)) => cascade::starts(cause, on_infrastructure),
        (Status::Cancelled, Some(cause)) => cause == EndCause::Cascade,
        _ => false,
    };
    Ok(ended.into_iter().find(|ended| undoes(ended.status, ended.cause)).map(|ended| ended.job))
}
