//! A story that was merged at a commit which no job published: nobody verified it, and a person is asked to look.

use serde_json::Value;

use crate::domain::commit::CommitId;
use crate::domain::id::QuestionId;
use crate::domain::question::{Asked, Open, Options, Purpose, Question};
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::flow::FlowError;
use crate::store::{About, NewQuestion, PullRequestRecord, Stamp, StoreError, Tx};

/// As the ledger calls publications.
const MACHINE: &str = "pull_request";
/// The fact of a merge that says at which commit, where nobody verified that.
pub(super) const UNVERIFIED: &str = "unverified";

/// Whether what was merged is not what was verified: it ends in a commit that no job of the branch published, and none set
/// out to, which is after it was judged. What a run publishes is for people to review and to change, and so is what takes
/// something back.
pub(super) async fn is_unverified(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    merged: &CommitId,
) -> Result<bool, FlowError> {
    let Ok(repo) = RemoteUrl::new(record.repo_url.as_str()) else { return Ok(false) };
    let row = &record.row;
    let is_ours = row.strategy == PrStrategy::Story && record.story.is_some();
    // What the forge was asked to merge had been verified, also where the job has left for an archive.
    let was_asked = row.status.is_asked() && row.head.as_ref() == Some(merged);
    if !is_ours || was_asked || tx.is_published(&repo, &row.branch, merged).await? {
        return Ok(false);
    }
    Ok(tx.senders(&record.repo_url, row.branch.as_str(), merged, 1).await?.is_empty())
}

/// Whether that was found of a publication that is merged: its last row in the ledger says so, whichever jobs have left for
/// an archive since.
pub(super) async fn was_unverified(tx: &mut dyn Tx, record: &PullRequestRecord) -> Result<bool, FlowError> {
    let id = record.row.id.as_str();
    let now = tx.current(MACHINE, id, 1).await?;
    let Some(now) = now.into_iter().next().filter(|now| now.entity == id) else { return Ok(false) };
    let last = tx.histories(MACHINE, id, now.ledger_seq - 1, 1).await?;
    let Some(last) = last.into_iter().next().filter(|last| last.entity == id) else { return Ok(false) };
    let facts: Value = serde_json::from_str(&last.facts)
        .map_err(|bad| StoreError::Inconsistent { what: format!("facts of publication {id}: {bad}") })?;
    Ok(facts.get(UNVERIFIED).is_some())
}

/// Asks whoever started the run to look at it, in the transaction that notes the merge, which is noted once.
pub(super) async fn ask_to_look(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    merged: &CommitId,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let publication = &record.row.id;
    let run = match &record.run {
        Some(run) => tx.run(run).await?,
        None => None,
    };
    let (Some(run), Some(story)) = (run, record.story.clone()) else {
        tracing::warn!(%publication, %merged, "what nobody verified was merged, and there is nobody to be asked");
        return Ok(());
    };
    let verified = match RemoteUrl::new(record.repo_url.as_str()) {
        Ok(repo) => tx.work_on(&repo, &record.row.branch).await?.last_published,
        Err(_) => None,
    };
    let id = QuestionId::new(format!("{publication}-merged"))
        .map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })?;
    let asked = Asked::at(tx.now(), run.started_by, Options::default(), Purpose::UnverifiedMerge);
    let new = NewQuestion {
        question: Question { id, asked, state: Open },
        product: record.product.clone(),
        about: About::Story { story, task: None },
        text: text(record, merged, verified.as_ref()),
    };
    Ok(tx.add_question(&new, stamp).await?)
}

/// What a person is asked.
fn text(record: &PullRequestRecord, merged: &CommitId, verified: Option<&CommitId>) -> String {
    let url = record.row.url.as_deref().unwrap_or_default();
    let verified = verified.map_or_else(
        || "Nothing of it was verified.".to_owned(),
        |verified| format!("What was verified last is {verified}: see `git diff {verified} {merged}`."),
    );
    format!(
        "{url} was merged at {merged}, a commit that no job published, so that nobody verified it. {verified} It stays \
         merged; revert it at the forge if it is not wanted."
    )
}
