//! What a forge shows of a pull request that is over there: its publication is over, too.

use crate::domain::id::PullRequestId;
use crate::domain::pull_request::{
    AnyPullRequest as Any, Change as PullRequestChange, Closed, ForgeState, Merged, Open, PullRequest, Step,
};
use crate::domain::time::Timestamp;
use crate::flow::FlowError;
use crate::forge::Pr;
use crate::store::{Change, Stamp, StoreError, Tx};

/// Notes what the forge shows of the pull request of a publication: that it was merged or closed, by whomever. Nothing
/// when it is open, when the row says so already, or when the row knows of no pull request, or of another one. `why` is
/// kept of one that was closed. Whoever calls it holds the product.
///
/// # Errors
/// When the store fails, or somebody moved the row meanwhile.
pub(in crate::flow) async fn note_forge_state(
    tx: &mut dyn Tx,
    id: &PullRequestId,
    seen: &Pr,
    why: &str,
    stamp: &Stamp,
) -> Result<Option<PullRequestChange>, FlowError> {
    let Some(record) = tx.pull_request(id).await? else { return Ok(None) };
    if record.row.url.as_deref() != Some(seen.url.to_string().as_str()) {
        return Ok(None);
    }
    let any = Any::try_from(record.row).map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })?;
    let over = Over { seen, why, now: tx.now() };
    let change = match any {
        Any::PrOpened(open) => over.change(open),
        Any::DraftOpened(open) => over.change(open),
        Any::WaitingForChecks(open) => over.change(open),
        Any::AutoMergeEnabled(open) => over.change(open),
        Any::ReadyForReview(open) => over.change(open),
        Any::ChecksFailed(open) => over.change(open),
        Any::MergeConflictPaused(open) => over.change(open),
        Any::Unpublished(_) | Any::BranchPushed(_) | Any::Merged(_) | Any::Closed(_) => None,
    };
    if let Some(change) = &change {
        tx.apply(Change::PullRequest(change.clone()), stamp).await?;
    }
    Ok(change)
}

/// How the forge shows it, and when that was seen.
struct Over<'a> {
    seen: &'a Pr,
    why: &'a str,
    now: Timestamp,
}

impl Over<'_> {
    /// The move of one that is open by its row.
    fn change<S: Open>(&self, open: PullRequest<S>) -> Option<PullRequestChange>
    where
        PullRequestChange: From<Step<S, Merged>> + From<Step<S, Closed>>,
    {
        match self.seen.state {
            ForgeState::Open => None,
            ForgeState::Merged => Some(open.merge(self.seen.merge.clone(), self.now).into()),
            ForgeState::Closed => Some(open.close(self.why, self.now).into()),
        }
    }
}
