//! The publication of a pull request that takes a merged one back.

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::forge::PrUrl;
use crate::domain::id::{ProductId, PullRequestId};
use crate::domain::pull_request::{
    AnyPullRequest, Change as PullRequestChange, ForgeState, Found, PullRequest, Refusal, Unpublished,
};
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::flow::FlowError;
use crate::store::{Change, NewPullRequest, Stamp, StoreError, Tx};

/// A pull request that was opened to take another one back.
pub(in crate::flow) struct RevertOpened<'a> {
    pub(in crate::flow) id: PullRequestId,
    pub(in crate::flow) product: &'a ProductId,
    pub(in crate::flow) repo: &'a RemoteUrl,
    pub(in crate::flow) branch: BranchName,
    pub(in crate::flow) head: CommitId,
    pub(in crate::flow) url: &'a PrUrl,
}

/// Notes it, as that of a story without the story: nothing is ever due for it, so that it is never merged by itself, and
/// its forge is asked about it like about any other. Nothing when its branch has a publication already. The transaction
/// holds the product.
pub(in crate::flow) async fn note_revert(
    tx: &mut dyn Tx,
    opened: RevertOpened<'_>,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let RevertOpened { id, product, repo, branch, head, url } = opened;
    if tx.live_pull_request(repo, &branch).await?.is_some() || tx.pull_request(&id).await?.is_some() {
        return Ok(());
    }
    let new = PullRequest {
        id: id.clone(),
        strategy: PrStrategy::Story,
        branch: branch.clone(),
        state: Unpublished,
    };
    let row = NewPullRequest {
        pull_request: new.clone(),
        product: product.clone(),
        run: None,
        story: None,
        repo_url: repo.to_string(),
    };
    tx.add_pull_request(&row, stamp).await?;
    let odd = |refusal: Refusal| StoreError::Inconsistent { what: format!("publication {id}: {refusal}") };
    let pushed: PullRequestChange = new.push(head).map_err(odd)?.into();
    let found =
        Found { url: url.to_string(), state: ForgeState::Open, draft: false, branch: branch.to_string() };
    tx.apply(Change::PullRequest(pushed.clone()), stamp).await?;
    let Ok(AnyPullRequest::BranchPushed(branch)) = AnyPullRequest::try_from(pushed.row().clone()) else {
        return Ok(());
    };
    let open: PullRequestChange = branch.open(found).map_err(odd)?.into();
    tx.apply(Change::PullRequest(open), stamp).await?;
    let now = tx.now();
    tx.note_poll(&id, &url.host, now).await?;
    Ok(())
}
