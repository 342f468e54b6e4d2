//! What the forge shows of a pull request becomes a move of its publication, in one transaction.

use serde_json::json;

use super::ask::lane;
use super::conflict::note_conflict;
use super::due::{any, moves, odd, settle_publication};
use super::ended::note_ended;
use super::note::pushed;
use super::polls::{Polls, Shown};
use crate::domain::actor::Actor;
use crate::domain::forge::ForgeHost;
use crate::domain::pull_request::{AnyPullRequest as Any, Awaits, Change, ForgeState, PullRequest, Step};
use crate::domain::pull_request::{ChecksFailed, Refusal};
use crate::flow::{FlowError, Sprintgate};
use crate::forge::{Checks, Pr};
use crate::store::{Of, PullRequestRecord, Stamp, Tx};

/// Why one waits for a person whose checks failed.
const FAILED: &str = "a check of this commit failed";

/// What was learned before the transaction.
pub(super) struct Look {
    pub(super) pr: Pr,
    /// Where they decide.
    pub(super) checks: Option<Checks>,
    /// The files in conflict.
    pub(super) conflict: Vec<String>,
}

impl Sprintgate {
    /// Writes down what was seen of a publication that was read before, and when its forge is asked again; whether it
    /// moved.
    pub(super) async fn take_in(
        &self,
        host: &ForgeHost,
        before: &PullRequestRecord,
        look: &Look,
        polls: &mut Polls,
    ) -> Result<bool, FlowError> {
        let id = &before.row.id;
        let write = || async {
            let mut tx = self.store.begin().await?;
            tx.hold(Of::Product(&before.product), None).await?;
            tx.hold_lane(&lane(before)).await?;
            let Some(now) = tx.pull_request(id).await? else { return Ok(None) };
            if now.row.url != before.row.url || now.row.status.is_terminal() {
                return Ok(None);
            }
            let facts = json!({ "because": "poll", "pr_url": now.row.url });
            let stamp = Stamp { facts, ..Stamp::of(Actor::System) };
            self.follow(&mut *tx, before, &now, look, polls, &stamp).await?;
            let Some(after) = tx.pull_request(id).await? else { return Ok(None) };
            let Pr { head, draft, mergeable, .. } = look.pr.clone();
            let shown = Shown { status: after.row.status, head, draft, mergeable, checks: look.checks };
            let wait = polls.next(id, &shown);
            let at = tx.now() + wait;
            tx.note_poll(id, host, at).await?;
            tx.commit().await?;
            Ok(Some((after.row != now.row, shown, wait)))
        };
        let Some((moved, shown, wait)) = self.again(write).await? else { return Ok(false) };
        polls.keep(id, shown, wait);
        Ok(moved)
    }

    async fn follow(
        &self,
        tx: &mut dyn Tx,
        before: &PullRequestRecord,
        now: &PullRequestRecord,
        look: &Look,
        polls: &Polls,
        stamp: &Stamp,
    ) -> Result<(), FlowError> {
        let (pr, id) = (&look.pr, &now.row.id);
        if pr.state != ForgeState::Open {
            return note_ended(
                &self.forges,
                tx,
                now,
                pr.state,
                pr.merge.clone(),
                Some(pr.head.clone()),
                stamp,
            )
            .await;
        }
        if now.row.status != before.row.status || now.row.head != before.row.head {
            // It moved while the forge was asked, so that what was seen may be older.
            return Ok(());
        }
        if now.row.head.as_ref() != Some(&pr.head) {
            if !is_news(tx, now, pr, polls).await? {
                return Ok(());
            }
            return match pushed(any(now)?, pr.head.clone()) {
                Ok(Some(change)) => {
                    moves(tx, now, change, stamp).await?;
                    settle_publication(&self.forges, tx, id, stamp).await
                }
                Ok(None) | Err(Refusal::NothingNew { .. }) => Ok(()),
                Err(refusal) => Err(odd(now, &refusal).into()),
            };
        }
        if !look.conflict.is_empty() {
            return note_conflict(tx, now, &pr.base, &look.conflict, stamp).await.map(drop);
        }
        if look.checks == Some(Checks::Failed) {
            let change = match any(now)? {
                Any::WaitingForChecks(one) => failed(one, pr),
                Any::AutoMergeEnabled(one) => failed(one, pr),
                _ => return Ok(()),
            };
            moves(tx, now, change.map_err(|refusal| odd(now, &refusal))?, stamp).await?;
        }
        // Whoever wrote what it depends on may not have had its forge, or not have held this product.
        settle_publication(&self.forges, tx, id, stamp).await
    }
}

/// Whether another head than ours is a person's push. One that an attempt sent may be older than ours, for a forge shows
/// for a while what was, or be about to be noted by who sent it: it counts when it is still there the next time.
async fn is_news(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    pr: &Pr,
    polls: &Polls,
) -> Result<bool, FlowError> {
    if polls.showed(&record.row.id, &pr.head) {
        return Ok(true);
    }
    let branch = record.row.branch.as_str();
    Ok(tx.senders(&record.repo_url, branch, &pr.head, 1).await?.is_empty())
}

fn failed<S: Awaits>(one: PullRequest<S>, pr: &Pr) -> Result<Change, Refusal>
where
    Change: From<Step<S, ChecksFailed>>,
{
    one.fail_checks(&pr.head, FAILED).map(Change::from)
}
