//! Takes a pull request out of its draft, or makes a draft of it again.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::at_forge::{About, Undone, open_at, passed_over, publication, settle_end};
use super::handler::{Handler, Outcome};
use crate::domain::effect::Kind;
use crate::domain::machine::Word;
use crate::domain::pull_request::Status;
use crate::domain::run::PrStrategy;
use crate::flow::{FlowError, Sprintgate};
use crate::forge::ForgeError;
use crate::store::{EffectRecord, PullRequestRecord, Tx};

pub(super) struct Drafts {
    pub(super) app: Sprintgate,
    /// [`Kind::MarkReady`] or [`Kind::MarkDraft`].
    pub(super) kind: Kind,
}

#[async_trait]
impl Handler for Drafts {
    fn kind(&self) -> Kind {
        self.kind
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        self.mark(effect).await.unwrap_or_else(|Undone(outcome)| outcome)
    }

    async fn settle(&self, tx: &mut dyn Tx, effect: &EffectRecord, learned: &Value) -> Result<(), FlowError> {
        let Ok(record) = publication(tx, effect).await else { return Ok(()) };
        settle_end(&self.app.forges, tx, &record, learned).await
    }
}

impl Drafts {
    async fn mark(&self, effect: &EffectRecord) -> Result<Outcome, Undone> {
        let about = About::read(&mut *self.app.store.read().await?, effect).await?;
        let draft = self.kind == Kind::MarkDraft;
        if !about.is_open() || is_draft(&about.record) != Some(draft) {
            return Ok(passed_over(format!("it is {}", about.record.row.status.word())));
        }
        let forge = self.app.forges.at(&about.url)?;
        let pr = match open_at(&forge, &about.url).await? {
            Ok(pr) => pr,
            Err(ended) => return Ok(ended),
        };
        if pr.draft == draft {
            return Ok(Outcome::Done(json!({ "draft": draft })));
        }
        match forge.set_draft(&about.url, draft).await {
            // A forge without drafts: what is open is merged by people all the same.
            Err(ForgeError::Invalid { why }) if draft => {
                Ok(Outcome::Done(json!({ "draft": false, "refused": why })))
            }
            said => {
                said?;
                Ok(Outcome::Done(json!({ "draft": draft })))
            }
        }
    }
}

/// Whether it is to be a draft now; nothing where that is for people to say.
fn is_draft(record: &PullRequestRecord) -> Option<bool> {
    match record.row.status {
        Status::DraftOpened => Some(true),
        Status::MergeConflictPaused if record.row.strategy != PrStrategy::Story => Some(true),
        Status::WaitingForChecks
        | Status::AutoMergeEnabled
        | Status::ChecksFailed
        | Status::ReadyForReview => Some(false),
        _ => None,
    }
}
