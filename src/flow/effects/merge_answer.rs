//! What becomes of a forge's answer to a merge that was asked for.

use serde_json::{Value, json};

use super::at_forge::{About, Undone, settle_end, stamp};
use super::auto_merge::moved;
use super::handler::Outcome;
use crate::domain::commit::CommitId;
use crate::domain::forge::MergeAnswer;
use crate::domain::machine::Word;
use crate::domain::pull_request::{AnyPullRequest, Change, ForgeState, MergeRefusal, Refusal};
use crate::domain::time::Millis;
use crate::flow::FlowError;
use crate::flow::publish::{any, moves};
use crate::forge::{Forge, Forges};
use crate::store::{PullRequestRecord, Tx};

/// A forge that says so may still be looking; whoever looks for files in conflict says what follows if there are any.
const CONFLICT_WAIT: Millis = Millis::seconds(30);
/// People mend tokens, and they sleep at times.
const RIGHTS_WAIT: Millis = Millis::minutes(60);

/// The outcome of a try by what the forge answered.
pub(super) async fn told(
    forge: &dyn Forge,
    about: &About,
    head: &CommitId,
    answer: MergeAnswer,
) -> Result<Outcome, Undone> {
    let again = |why: String, wait: Option<Millis>| Outcome::Again { why, wait };
    Ok(match answer {
        MergeAnswer::Scheduled => Outcome::Done(json!({ "accepted": head })),
        MergeAnswer::Merged(merge) => {
            Outcome::Done(json!({ "state": ForgeState::Merged.word(), "merge": merge, "head": head }))
        }
        MergeAnswer::HeadMoved(found) => moved(head, found.as_ref()),
        MergeAnswer::Refused(refusal, why) => match refusal {
            MergeRefusal::ChecksFailed => Outcome::Done(json!({ "failed": head, "why": why })),
            MergeRefusal::MergeConflict => again(format!("{}: {why}", refusal.word()), Some(CONFLICT_WAIT)),
            MergeRefusal::GhAuthError => again(format!("{}: {why}", refusal.word()), Some(RIGHTS_WAIT)),
            MergeRefusal::Unknown => again(why, None),
            MergeRefusal::AutoMergeNotAllowed => {
                let text = "Its story is done, but this repository does not allow a merge that is made when the \
                    checks pass. A person reviews and merges it.";
                let marker = format!("sprintgate:not-allowed:{}", about.record.row.id);
                forge.comment(&about.url, &marker, text).await?;
                Outcome::Done(json!({ "refused": refusal.word(), "why": why }))
            }
        },
    })
}

/// Writes down what was answered, if it is about the commit that the branch is at.
pub(super) async fn settle_answer(
    forges: &Forges,
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    learned: &Value,
) -> Result<(), FlowError> {
    let text = |name: &str| learned.get(name).and_then(Value::as_str);
    let commit = |name: &str| text(name).and_then(|commit| CommitId::new(commit).ok());
    let change: Result<Change, Refusal> = match (commit("accepted"), commit("failed"), any(record)?) {
        (Some(head), _, AnyPullRequest::WaitingForChecks(one)) => one.accept_merge(&head).map(Into::into),
        (_, Some(head), AnyPullRequest::WaitingForChecks(one)) => {
            one.fail_checks(&head, text("why").unwrap_or_default()).map(Into::into)
        }
        (_, Some(head), AnyPullRequest::AutoMergeEnabled(one)) => {
            one.fail_checks(&head, text("why").unwrap_or_default()).map(Into::into)
        }
        _ => return settle_end(forges, tx, record, learned).await,
    };
    // Another commit was pushed meanwhile: what was said is not about that one.
    if let Ok(change) = change {
        moves(tx, record, change, &stamp("auto_merge")).await?;
    }
    Ok(())
}
