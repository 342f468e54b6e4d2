//! What a failure's plan has to know of a job, and where the jobs are that it concerns.

use super::FlowError;
use crate::domain::branch::BranchName;
use crate::domain::cascade::{Sibling, Tie};
use crate::domain::id::PbiId;
use crate::domain::remote::RemoteUrl;
use crate::store::{JobRecord, Tx};

/// The job as a cascade sees it. What it names as repository or branch and is neither is not touched.
pub(super) fn sibling(job: &JobRecord, tie: Tie) -> Sibling {
    let stops = job.stop.as_ref().is_some_and(|stop| stop.confirmed.is_none());
    Sibling {
        job: job.row.id.clone(),
        status: job.row.status,
        attempt: job.row.attempt,
        held: job.row.status.is_held() || stops,
        tie,
        repo: job.repo_url.as_ref().and_then(|url| RemoteUrl::new(url.clone()).ok()),
        branch: job.branch.as_ref().and_then(|name| BranchName::new(name.clone()).ok()),
        prs: Vec::new(),
    }
}

/// The backlog item of a job's task.
pub(super) async fn pbi_of(tx: &mut dyn Tx, job: &JobRecord) -> Result<Option<PbiId>, FlowError> {
    let Some(task) = &job.task else { return Ok(None) };
    let Some(task) = tx.task(&job.user, task).await? else { return Ok(None) };
    Ok(tx.story(&job.user, &task.story).await?.map(|story| story.pbi))
}
