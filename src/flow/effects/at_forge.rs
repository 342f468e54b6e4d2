//! What the effects at a forge have in common: the publication that they are about, as it is now, and what becomes of a try
//! that a forge or the database kept from being done.

use std::sync::Arc;

use serde_json::{Value, json};

use super::auto_merge::AutoMerge;
use super::close_pr::ClosePr;
use super::comment_pr::CommentPr;
use super::drafts::Drafts;
use super::handler::{Handlers, Outcome};
use super::open_pr::OpenPr;
use super::revert_pr::RevertPr;
use super::withdraw_merge::WithdrawMerge;
use crate::domain::actor::Actor;
use crate::domain::commit::CommitId;
use crate::domain::effect::Kind;
use crate::domain::forge::PrUrl;
use crate::domain::id::PullRequestId;
use crate::domain::machine::Word;
use crate::domain::pull_request::ForgeState;
use crate::domain::remote::RemoteUrl;
use crate::flow::publish::note_ended;
use crate::flow::{FlowError, Sprintgate};
use crate::forge::{Forge, ForgeError, Forges, Pr, Retry};
use crate::git::GitError;
use crate::store::{EffectRecord, PullRequestRecord, Stamp, StoreError, Tx};

/// With the handlers of what is done at a forge.
pub(super) fn at_forge(app: &Sprintgate, handlers: Handlers) -> Handlers {
    handlers
        .with(OpenPr { app: app.clone() })
        .with(Drafts { app: app.clone(), kind: Kind::MarkReady })
        .with(Drafts { app: app.clone(), kind: Kind::MarkDraft })
        .with(AutoMerge { app: app.clone() })
        .with(WithdrawMerge { app: app.clone() })
        .with(ClosePr { app: app.clone() })
        .with(RevertPr { app: app.clone() })
        .with(CommentPr { app: app.clone() })
}

/// What an effect is about.
pub(super) struct About {
    pub(super) record: PullRequestRecord,
    pub(super) url: PrUrl,
    pub(super) head: Option<CommitId>,
}

impl About {
    /// The remote of the branch.
    pub(super) fn remote(&self) -> Result<RemoteUrl, Undone> {
        RemoteUrl::new(self.record.repo_url.as_str()).map_err(|bad| Undone::never(bad.to_string()))
    }

    /// Reads what an effect names.
    pub(super) async fn read(tx: &mut dyn Tx, effect: &EffectRecord) -> Result<Self, Undone> {
        let record = publication(tx, effect).await?;
        let text = |name: &str| effect.payload.get(name).and_then(Value::as_str);
        let url = text("url").and_then(|url| url.parse().ok());
        let url = url.ok_or_else(|| Undone::never("it names no pull request"))?;
        Ok(Self { record, url, head: text("head").and_then(|head| CommitId::new(head).ok()) })
    }

    /// The pull request that it names is still the one of the publication, and has not ended as far as is known.
    pub(super) fn is_open(&self) -> bool {
        self.record.row.status.is_open() && self.record.row.url.as_deref() == Some(&*self.url.to_string())
    }
}

/// The publication that an effect names.
pub(super) async fn publication(tx: &mut dyn Tx, effect: &EffectRecord) -> Result<PullRequestRecord, Undone> {
    let id = effect.payload.get("publication").and_then(Value::as_str);
    let id = id.and_then(|id| PullRequestId::new(id).ok());
    let id = id.ok_or_else(|| Undone::never("it names no publication"))?;
    let record = tx.pull_request(&id).await?;
    record.ok_or_else(|| Undone::never(format!("there is no publication {id}")))
}

/// A try that was not done, and what becomes of it.
pub(super) struct Undone(pub(super) Outcome);

impl Undone {
    pub(super) fn never(why: impl Into<String>) -> Self {
        Self(Outcome::GiveUp(why.into()))
    }
}

impl From<ForgeError> for Undone {
    fn from(error: ForgeError) -> Self {
        let why = format!("{}: {error}", error.code());
        Self(match error.retry() {
            // Another process may have it on its list.
            _ if matches!(error, ForgeError::NotAllowed { .. }) => Outcome::again(why),
            Retry::After(wait) => Outcome::Again { why, wait },
            Retry::Never => Outcome::GiveUp(why),
        })
    }
}

impl From<FlowError> for Undone {
    fn from(error: FlowError) -> Self {
        Self(Outcome::again(error.to_string()))
    }
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        FlowError::from(error).into()
    }
}

impl From<GitError> for Undone {
    fn from(error: GitError) -> Self {
        FlowError::from(error).into()
    }
}

/// Nothing is to be done any more.
pub(super) fn passed_over(why: impl Into<String>) -> Outcome {
    Outcome::Done(json!({ "passed_over": why.into() }))
}

/// The pull request, if it is open at the forge; else the outcome of the try, which has found out that it is not.
pub(super) async fn open_at(forge: &Arc<dyn Forge>, url: &PrUrl) -> Result<Result<Pr, Outcome>, ForgeError> {
    let pr = forge.get(url).await?;
    Ok(match pr.state {
        ForgeState::Open => Ok(pr),
        state => Err(Outcome::Done(json!({ "state": state.word(), "merge": pr.merge, "head": pr.head }))),
    })
}

/// Writes down the end of a pull request that a try found out.
pub(super) async fn settle_end(
    forges: &Forges,
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    learned: &Value,
) -> Result<(), FlowError> {
    let text = |name: &str| learned.get(name).and_then(Value::as_str);
    let Some(state) = text("state").and_then(|state| ForgeState::parse(state).ok()) else { return Ok(()) };
    let commit = |name| text(name).and_then(|commit| CommitId::new(commit).ok());
    note_ended(forges, tx, record, state, commit("merge"), commit("head"), &stamp("forge")).await
}

/// The stamp of what follows from an effect.
pub(super) fn stamp(because: &str) -> Stamp {
    Stamp { facts: json!({ "because": because }), ..Stamp::of(Actor::System) }
}
