//! What was pushed is noted in the transaction that makes its job DONE.

use serde_json::json;

use super::ask::lane_of;
use super::due::{any, moves, odd, settle};
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::forge::PrUrl;
use crate::domain::id::EffectId;
use crate::domain::pull_request::{AnyPullRequest, Change, PullRequest, Refusal, Row, Takes, Unpublished};
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::flow::{FlowError, fresh};
use crate::forge::Forges;
use crate::store::{JobRecord, NewPullRequest, PullRequestRecord, Stamp, StoreError, Tx};

/// Notes the commit that a job published, once the job is DONE: its branch gets a publication where a forge of its
/// repository is configured, and what that is due by now. The effect that opens its pull request, if that is on its way. The
/// transaction holds the product.
pub(in crate::flow) async fn note_pushed(
    forges: &Forges,
    tx: &mut dyn Tx,
    job: &JobRecord,
    head: &CommitId,
    stamp: &Stamp,
) -> Result<Option<EffectId>, FlowError> {
    let (Some(repo_url), Some(branch)) = (&job.repo_url, &job.branch) else { return Ok(None) };
    let (Some(at), Ok(branch)) = (super::at(forges, repo_url), BranchName::new(branch.as_str())) else {
        return Ok(None);
    };
    // It may be another product's. Its lane goes before its row.
    tx.hold_lane(&lane_of(&at.url, &branch)).await?;
    let record = live(tx, job, &at.url, &branch, stamp).await?;
    if let Some(url) = record.row.url.as_deref().and_then(|url| url.parse::<PrUrl>().ok()) {
        tx.note_pr(&at.url, &branch, &url).await?;
    }
    match pushed(any(&record)?, head.clone()) {
        Ok(Some(change)) => {
            moves(tx, &record, change, stamp).await?;
        }
        Ok(None) | Err(Refusal::NothingNew { .. }) => {}
        Err(refusal) => return Err(odd(&record, &refusal).into()),
    }
    let facts = json!({ "because": "push", "job": job.row.id });
    settle(forges, tx, &record.row.id, &Stamp { facts, ..super::follows::system() }).await
}

/// The publication of a branch that has not ended; a new one where there is none.
async fn live(
    tx: &mut dyn Tx,
    job: &JobRecord,
    repo: &RemoteUrl,
    branch: &BranchName,
    stamp: &Stamp,
) -> Result<PullRequestRecord, FlowError> {
    if let Some(record) = tx.live_pull_request(repo, branch).await? {
        return Ok(record);
    }
    let strategy = match &job.run {
        Some(run) => tx.run(run).await?.map(|run| run.strategy),
        None => None,
    };
    let strategy = strategy.unwrap_or(PrStrategy::Story);
    let story = match (&job.task, strategy) {
        (Some(task), PrStrategy::Story) => tx.task(&job.user, task).await?.map(|task| task.story),
        _ => None,
    };
    let id = fresh::id();
    let pull_request = PullRequest { id, strategy, branch: branch.clone(), state: Unpublished };
    let id = pull_request.id.clone();
    let new = NewPullRequest {
        pull_request,
        product: job.product.clone(),
        run: job.run.clone(),
        story,
        repo_url: repo.to_string(),
    };
    tx.add_pull_request(&new, stamp).await?;
    let added = tx.pull_request(&id).await?;
    added.ok_or_else(|| StoreError::Inconsistent { what: format!("publication {id} was not added") }.into())
}

/// The move of a further commit; nothing for what takes none.
pub(super) fn pushed(publication: AnyPullRequest, head: CommitId) -> Result<Option<Change>, Refusal> {
    match publication {
        AnyPullRequest::Unpublished(one) => push(one, head),
        AnyPullRequest::BranchPushed(one) => push(one, head),
        AnyPullRequest::PrOpened(one) => push(one, head),
        AnyPullRequest::DraftOpened(one) => push(one, head),
        AnyPullRequest::WaitingForChecks(one) => push(one, head),
        AnyPullRequest::AutoMergeEnabled(one) => push(one, head),
        AnyPullRequest::ReadyForReview(one) => push(one, head),
        AnyPullRequest::ChecksFailed(one) => push(one, head),
        AnyPullRequest::MergeConflictPaused(one) => push(one, head),
        AnyPullRequest::Merged(_) | AnyPullRequest::Closed(_) => Ok(None),
    }
}

fn push<S: Takes>(publication: PullRequest<S>, head: CommitId) -> Result<Option<Change>, Refusal>
where
    Row: From<PullRequest<S::After>>,
{
    publication.push(head).map(|step| Some(step.into()))
}
