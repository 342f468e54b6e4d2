//! Effects of publications: what a move asks the forge for, in the lane of its branch.

use serde_json::{Value, json};

use crate::domain::branch::BranchName;
use crate::domain::effect::{self, Effect, Kind, Pending, TRIES_MAX};
use crate::domain::id::{EffectId, JobId};
use crate::domain::pull_request::{Ask, Change, asks};
use crate::domain::remote::RemoteUrl;
use crate::flow::{FlowError, fresh};
use crate::store::{Added, NewEffect, PullRequestRecord, Stamp, StoreError, Tx};

/// Effects of one name that a publication has at most.
const NUMBERS_MAX: u32 = 1000;

/// Everything that touches one branch at its forge is done in the order of this lane. Whoever adds to it holds the
/// product.
pub(in crate::flow) fn lane(record: &PullRequestRecord) -> String {
    let repo = RemoteUrl::new(record.repo_url.as_str());
    let repo = repo.map_or_else(|_| record.repo_url.clone(), |url| url.key());
    format!("branch/{repo}#{}", record.row.branch)
}

/// The same, of a branch that may have no publication.
pub(super) fn lane_of(repo: &RemoteUrl, branch: &BranchName) -> String {
    format!("branch/{}#{branch}", repo.key())
}

/// An effect of a publication, which its handler finds by `publication` in the payload.
fn wanted(record: &PullRequestRecord, kind: Kind, payload: Value, key: String, tx: &dyn Tx) -> NewEffect {
    let state = Pending { due_at: tx.now() };
    let effect = Effect { id: fresh::id(), kind, tries: 0, tries_max: TRIES_MAX, state };
    let product = record.product.clone();
    NewEffect {
        effect,
        product,
        job: None,
        payload,
        host: None,
        lane: Some(super::lane(record)),
        key: Some(key),
    }
}

/// Adds what a change asks the forge for. The change is written once, and so is each of its effects: one that was asked
/// for before at the same commit, and perhaps undone since, is asked for again.
pub(super) async fn ask_for(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    change: &Change,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let publication = &record.row.id;
    // What is withdrawn was asked for at the head before.
    let before = record.row.head.as_ref();
    for ask in asks(change) {
        let at = change.row().head.as_ref().or(before);
        let (kind, url, head) = match &ask {
            Ask::MarkReady { url } => (Kind::MarkReady, url, at),
            Ask::MarkDraft { url } => (Kind::MarkDraft, url, at),
            Ask::EnableAutoMerge { url, expected_head } => (Kind::AutoMerge, url, Some(expected_head)),
            Ask::WithdrawAutoMerge { url } => (Kind::WithdrawAutoMerge, url, before),
        };
        let payload = json!({ "publication": publication, "url": url, "head": head });
        let head = head.map_or("", |head| head.as_str());
        let name = match kind {
            Kind::AutoMerge => "merge",
            Kind::WithdrawAutoMerge => "withdraw",
            Kind::MarkDraft => "mark_draft",
            _ => "mark_ready",
        };
        let name = format!("{name}/{publication}/{head}");
        for number in 1.. {
            let new = wanted(record, kind, payload.clone(), numbered(&name, number)?, tx);
            if tx.add_effect(&new, stamp).await? == Added::New {
                break;
            }
        }
    }
    Ok(())
}

/// Has the pull request opened, unless that is on its way or was given up on: the effect that does it. One that was done and
/// opened nothing, because nothing was due by then, does not count.
pub(super) async fn ask_to_open(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    stamp: &Stamp,
) -> Result<Option<EffectId>, FlowError> {
    let publication = &record.row.id;
    let payload = json!({ "publication": publication });
    add_once(tx, &format!("open/{publication}"), stamp, |key, tx| {
        wanted(record, Kind::OpenPr, payload.clone(), key, tx)
    })
    .await
}

/// Has the pull request closed because of that job, unless that is on its way or was given up on. One that was done and
/// closed nothing, because somebody worked on the branch, does not count.
pub(super) async fn ask_to_close(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    job: &JobId,
    url: &str,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let payload = json!({ "publication": record.row.id, "url": url });
    // The first is called as the cascade's own step is.
    let name = format!("close/{job}/{url}");
    let added = add_once(tx, &name, stamp, |key, tx| NewEffect {
        job: Some(job.clone()),
        ..wanted(record, Kind::ClosePr, payload.clone(), key, tx)
    });
    added.await.map(drop)
}

/// Adds an effect of that name where none is on its way, or was given up on: the one that is on its way. Those that are done
/// do not count.
async fn add_once(
    tx: &mut dyn Tx,
    name: &str,
    stamp: &Stamp,
    new: impl Fn(String, &dyn Tx) -> NewEffect + Send,
) -> Result<Option<EffectId>, FlowError> {
    for number in 1.. {
        let new = new(numbered(name, number)?, tx);
        let there = match tx.add_effect(&new, stamp).await? {
            Added::New => return Ok(Some(new.effect.id)),
            Added::There(id) => id,
        };
        match tx.effect(&there).await?.map(|effect| effect.row.status) {
            Some(effect::Status::Done) | None => {}
            Some(effect::Status::GaveUp) => return Ok(None),
            Some(_) => return Ok(Some(there)),
        }
    }
    Ok(None)
}

/// The first has the name itself.
fn numbered(name: &str, number: u32) -> Result<String, FlowError> {
    match number {
        1 => Ok(name.to_owned()),
        2..=NUMBERS_MAX => Ok(format!("{name}/{number}")),
        _ => Err(StoreError::Inconsistent { what: format!("{name} was asked for {number} times") }.into()),
    }
}
