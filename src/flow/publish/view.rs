//! The publication of a job's branch, for people.

use super::unverified::was_unverified;
use crate::domain::branch::BranchName;
use crate::domain::machine::Word;
use crate::domain::remote::RemoteUrl;
use crate::flow::FlowError;
use crate::flow::wire::PublicationView;
use crate::store::{JobRecord, Tx};

/// The last publication of a job's branch; none where it was never noted.
pub(in crate::flow) async fn publication_of(
    tx: &mut dyn Tx,
    job: &JobRecord,
) -> Result<Option<PublicationView>, FlowError> {
    let (Some(repo), Some(branch)) = (&job.repo_url, &job.branch) else { return Ok(None) };
    let (Ok(repo), Ok(branch)) = (RemoteUrl::new(repo.as_str()), BranchName::new(branch.as_str())) else {
        return Ok(None);
    };
    let Some(record) = tx.pull_requests_of_branch(&repo, &branch, 1).await?.into_iter().next() else {
        return Ok(None);
    };
    let merged = record.row.merged_head.clone();
    let unverified = match &merged {
        Some(_) if was_unverified(tx, &record).await? => merged,
        _ => None,
    };
    let row = record.row;
    Ok(Some(PublicationView {
        status: row.status.word().to_owned(),
        pr_url: row.url,
        head_sha: row.head.map(|head| head.to_string()),
        merge_sha: row.merge.map(|merge| merge.to_string()),
        unverified_sha: unverified.map(|head| head.to_string()),
    }))
}
