//! A pull request that the forge shows as merged or closed, by whomever.

use super::due::{any, moves};
use crate::domain::commit::CommitId;
use crate::domain::pull_request::{AnyPullRequest, Change, ForgeState, Open, PullRequest};
use crate::domain::time::Timestamp;
use crate::flow::FlowError;
use crate::store::{PullRequestRecord, Stamp, Tx};

/// Why one is closed that a forge shows so.
const CLOSED: &str = "closed at the forge";

/// Writes down that the forge shows a pull request as merged or closed; nothing for one that is open, or that has ended
/// here before. The transaction holds the product.
pub(in crate::flow) async fn note_ended(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    state: ForgeState,
    merge: Option<CommitId>,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let end = End { state, merge, now: tx.now() };
    let change = match any(record)? {
        AnyPullRequest::PrOpened(one) => end.of(one),
        AnyPullRequest::DraftOpened(one) => end.of(one),
        AnyPullRequest::WaitingForChecks(one) => end.of(one),
        AnyPullRequest::AutoMergeEnabled(one) => end.of(one),
        AnyPullRequest::ReadyForReview(one) => end.of(one),
        AnyPullRequest::ChecksFailed(one) => end.of(one),
        AnyPullRequest::MergeConflictPaused(one) => end.of(one),
        AnyPullRequest::Unpublished(_)
        | AnyPullRequest::BranchPushed(_)
        | AnyPullRequest::Merged(_)
        | AnyPullRequest::Closed(_) => None,
    };
    if let Some(change) = change {
        moves(tx, record, change, stamp).await?;
    }
    Ok(())
}

struct End {
    state: ForgeState,
    merge: Option<CommitId>,
    now: Timestamp,
}

impl End {
    fn of<S: Open>(self, one: PullRequest<S>) -> Option<Change> {
        match self.state {
            ForgeState::Open => None,
            ForgeState::Merged => Some(one.merge(self.merge, self.now).into()),
            ForgeState::Closed => Some(one.close(CLOSED, self.now).into()),
        }
    }
}
