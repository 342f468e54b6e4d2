//! What follows when a pull request was opened or adopted: the publication's move, its address wherever it is shown, the
//! first question how it goes, and what is due by now.

use super::due::odd;
use super::{any, moves, settle_publication};
use crate::domain::forge::PrUrl;
use crate::domain::pull_request::{AnyPullRequest, Change, Found};
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::domain::time::Millis;
use crate::flow::FlowError;
use crate::forge::Forges;
use crate::store::{PullRequestRecord, Stamp, Tx};

/// When the forge is asked first how an open pull request goes.
const FIRST_POLL: Millis = Millis::minutes(2);

/// Writes down the pull request that the forge has open for the branch. A publication that has gone elsewhere meanwhile
/// stays as it is. The transaction holds the product.
pub(in crate::flow) async fn note_opened(
    forges: &Forges,
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    url: &PrUrl,
    found: Found,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let AnyPullRequest::BranchPushed(pushed) = any(record)? else { return Ok(()) };
    let opened = match record.row.strategy {
        PrStrategy::Story => pushed.open(found).map(Change::from),
        PrStrategy::Sprint | PrStrategy::SprintBatch => pushed.open_draft(found).map(Change::from),
    };
    let change = opened.map_err(|refusal| odd(record, &refusal))?;
    let record = moves(tx, record, change, stamp).await?;
    if let Ok(repo) = RemoteUrl::new(record.repo_url.as_str()) {
        tx.note_pr(&repo, &record.row.branch, url).await?;
    }
    if let Some(run) = &record.run {
        tx.note_run_pr(run, url).await?;
    }
    tx.note_poll(&record.row.id, &url.host, tx.now() + FIRST_POLL).await?;
    settle_publication(forges, tx, &record.row.id, stamp).await
}
