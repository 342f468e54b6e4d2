//! What a publication is due, done: asked after every change that can matter, so that whoever is last finds everything
//! true (defect 27).

use super::ask::{ask_for, ask_to_close, ask_to_open, lane};
use super::{scene, undone_by};
use crate::domain::id::{EffectId, PullRequestId};
use crate::domain::publication::{Due, due};
use crate::domain::pull_request::{AnyPullRequest, Change as Moved, Refusal};
use crate::flow::FlowError;
use crate::forge::Forges;
use crate::store::{Change, PullRequestRecord, Stamp, StoreError, Tx};

/// Moves a publication to where it is due, and adds the effects of that. The transaction holds its product.
pub(in crate::flow) async fn settle_publication(
    forges: &Forges,
    tx: &mut dyn Tx,
    id: &PullRequestId,
    because: &Stamp,
) -> Result<(), FlowError> {
    settle(forges, tx, id, because).await.map(drop)
}

/// The same for one that was read and not locked. Its lane goes before its row, as with whoever writes down what an effect of
/// that lane came to, so that nobody waits in a circle.
pub(in crate::flow) async fn settle_in_lane(
    forges: &Forges,
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    because: &Stamp,
) -> Result<(), FlowError> {
    if super::at(forges, &record.repo_url).is_none() {
        return Ok(());
    }
    tx.hold_lane(&lane(record)).await?;
    settle_publication(forges, tx, &record.row.id, because).await
}

/// Settles it; with the effect that opens its pull request, if that is on its way.
pub(super) async fn settle(
    forges: &Forges,
    tx: &mut dyn Tx,
    id: &PullRequestId,
    because: &Stamp,
) -> Result<Option<EffectId>, FlowError> {
    let Some(record) = tx.pull_request(id).await? else { return Ok(None) };
    if record.row.status.is_terminal() || super::at(forges, &record.repo_url).is_none() {
        return Ok(None);
    }
    let change = match due(&scene(forges, tx, &record).await?) {
        Due::Open { .. } => return ask_to_open(tx, &record, because).await,
        Due::Close => {
            close(tx, &record, because).await?;
            return Ok(None);
        }
        // That paths are protected is found by the try that would have it merged.
        Due::Nothing | Due::HandOver { .. } => return Ok(None),
        Due::Withdraw => match any(&record)? {
            AnyPullRequest::WaitingForChecks(asked) => Ok(asked.withdraw().into()),
            AnyPullRequest::AutoMergeEnabled(asked) => Ok(asked.withdraw().into()),
            AnyPullRequest::ChecksFailed(asked) => Ok(asked.withdraw().into()),
            _ => return Ok(None),
        },
        Due::CompleteStory { head } => match any(&record)? {
            AnyPullRequest::PrOpened(opened) => opened.complete_story(&head).map(Moved::from),
            _ => return Ok(None),
        },
        Due::CompleteSprint { head } => match any(&record)? {
            AnyPullRequest::DraftOpened(opened) => opened.complete_sprint(&head).map(Moved::from),
            _ => return Ok(None),
        },
    };
    moves(tx, &record, change.map_err(|refusal| odd(&record, &refusal))?, because).await?;
    Ok(None)
}

/// Writes a move of a publication, and adds what it asks the forge for.
pub(in crate::flow) async fn moves(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    change: Moved,
    stamp: &Stamp,
) -> Result<PullRequestRecord, FlowError> {
    tx.apply(Change::PullRequest(change.clone()), stamp).await?;
    ask_for(tx, record, &change, stamp).await?;
    Ok(PullRequestRecord { row: change.row().clone(), ..record.clone() })
}

/// Has a pull request closed that the cascade did not know of, or did not close because somebody worked on its branch.
async fn close(tx: &mut dyn Tx, record: &PullRequestRecord, because: &Stamp) -> Result<(), FlowError> {
    let (Some(job), Some(url)) = (undone_by(tx, record).await?, &record.row.url) else { return Ok(()) };
    // Of one that was cancelled, the job whose failure did that.
    let cause = tx.job(&job).await?.and_then(|job| job.row.caused_by);
    ask_to_close(tx, record, &cause.unwrap_or(job), url, because).await
}

/// The typed publication of a record.
pub(in crate::flow) fn any(record: &PullRequestRecord) -> Result<AnyPullRequest, StoreError> {
    AnyPullRequest::try_from(record.row.clone())
        .map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })
}

/// A move that its own row asked for was refused.
pub(super) fn odd(record: &PullRequestRecord, refusal: &Refusal) -> StoreError {
    StoreError::Inconsistent { what: format!("publication {}: {refusal}", record.row.id) }
}
