//! A pull request that a try found merged or closed.

use super::seen::{Over, note_over};
use crate::domain::commit::CommitId;
use crate::domain::pull_request::ForgeState;
use crate::flow::FlowError;
use crate::forge::Forges;
use crate::store::{PullRequestRecord, Stamp, Tx};

/// Why one is closed that a forge shows so.
const CLOSED: &str = "closed at the forge";

/// Writes down that the forge shows a pull request as merged or closed; nothing for one that is open, or that has ended
/// here before. The transaction holds the product.
pub(in crate::flow) async fn note_ended(
    forges: &Forges,
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    state: ForgeState,
    merge: Option<CommitId>,
    head: Option<CommitId>,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let Some(url) = record.row.url.clone() else { return Ok(()) };
    note_over(forges, tx, &record.row.id, &Over { url, state, merge, head }, CLOSED, stamp).await
}
