//! What a forge shows of a pull request that is over there: its publication is over, too.

use serde_json::json;

use super::due::{any, moves};
use super::undone::undone_by;
use super::unverified::{UNVERIFIED, ask_to_look, is_unverified};
use crate::domain::commit::CommitId;
use crate::domain::id::PullRequestId;
use crate::domain::pull_request::{
    AnyPullRequest as Any, Change as PullRequestChange, Closed, ForgeState, Merged, Open, PullRequest, Step,
};
use crate::domain::time::Timestamp;
use crate::flow::FlowError;
use crate::flow::undo::{add_deletion, replan_job};
use crate::forge::Forges;
use crate::store::{Stamp, Tx};

/// What is known of a pull request at its forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::flow) struct Over {
    pub(in crate::flow) url: String,
    pub(in crate::flow) state: ForgeState,
    /// The commit of its merge, once it is merged.
    pub(in crate::flow) merge: Option<CommitId>,
    /// The last commit that the forge shows of it.
    pub(in crate::flow) head: Option<CommitId>,
}

/// Notes what the forge shows of the pull request of a publication: that it was merged or closed, by whomever. Nothing
/// when it is open, when the row says so already, or when the row knows of no pull request, or of another one. `why` is
/// kept of one that was closed. The branch of one that was merged goes, and where a cascade undoes it, so does what
/// was merged. A person is asked to look at what was merged and not verified. Whoever calls it holds the product.
///
/// # Errors
/// When the store fails, or somebody moved the row meanwhile.
pub(in crate::flow) async fn note_over(
    forges: &Forges,
    tx: &mut dyn Tx,
    id: &PullRequestId,
    over: &Over,
    why: &str,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let Some(record) = tx.pull_request(id).await?.filter(|record| record.row.url.as_ref() == Some(&over.url))
    else {
        return Ok(());
    };
    let now = tx.now();
    let change = match any(&record)? {
        Any::PrOpened(open) => over.ends(open, why, now),
        Any::DraftOpened(open) => over.ends(open, why, now),
        Any::WaitingForChecks(open) => over.ends(open, why, now),
        Any::AutoMergeEnabled(open) => over.ends(open, why, now),
        Any::ReadyForReview(open) => over.ends(open, why, now),
        Any::ChecksFailed(open) => over.ends(open, why, now),
        Any::MergeConflictPaused(open) => over.ends(open, why, now),
        Any::Unpublished(_) | Any::BranchPushed(_) | Any::Merged(_) | Any::Closed(_) => None,
    };
    if let Some(change) = change {
        let merged = over.head.as_ref().filter(|_| over.state == ForgeState::Merged);
        let unverified = match merged {
            Some(head) if is_unverified(tx, &record, head).await? => Some(head),
            _ => None,
        };
        let mut stamp = stamp.clone();
        if let (Some(head), Some(facts)) = (unverified, stamp.facts.as_object_mut()) {
            facts.insert(UNVERIFIED.to_owned(), json!(head));
        }
        let stamp = &stamp;
        moves(tx, &record, change, stamp).await?;
        if let Some(head) = unverified {
            ask_to_look(tx, &record, head, stamp).await?;
        }
        if over.state == ForgeState::Merged {
            add_deletion(tx, &record, stamp).await?;
            // The cascade knew of an open one, or of none.
            if let Some(job) = undone_by(tx, &record).await? {
                replan_job(forges, tx, &job).await?;
            }
        }
    }
    Ok(())
}

impl Over {
    /// The move of one that is open by its row.
    fn ends<S: Open>(&self, open: PullRequest<S>, why: &str, now: Timestamp) -> Option<PullRequestChange>
    where
        PullRequestChange: From<Step<S, Merged>> + From<Step<S, Closed>>,
    {
        match self.state {
            ForgeState::Open => None,
            ForgeState::Merged => Some(open.merge(self.merge.clone(), self.head.clone(), now).into()),
            ForgeState::Closed => Some(open.close(why, now).into()),
        }
    }
}
