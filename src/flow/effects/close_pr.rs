//! Closes a pull request whose work a cascade undoes, and says why there. One that was merged meanwhile stays, and is
//! reverted.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::at_forge::{Undone, passed_over};
use super::handler::{Handler, Outcome};
use super::named::named;
use crate::domain::actor::Actor;
use crate::domain::cascade::closed_because;
use crate::domain::effect::Kind;
use crate::domain::forge::PrUrl;
use crate::domain::id::{JobId, PullRequestId};
use crate::domain::machine::Word;
use crate::domain::pull_request::ForgeState;
use crate::domain::remote::RemoteUrl;
use crate::flow::publish::{Over, is_undone, note_over};
use crate::flow::undo::{redelete, replan_job};
use crate::flow::{FlowError, Sprintgate};
use crate::forge::{ForgeError, Pr};
use crate::store::{EffectRecord, Stamp, Tx};

pub(super) struct ClosePr {
    pub(super) app: Sprintgate,
}

#[async_trait]
impl Handler for ClosePr {
    fn kind(&self) -> Kind {
        Kind::ClosePr
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        let Some(url) = named::<PrUrl>(effect, "url") else {
            return Outcome::GiveUp("it names no pull request".to_owned());
        };
        match self.is_taken_up(effect).await {
            Ok(true) => return passed_over("its branch was worked on again"),
            Ok(false) => {}
            Err(error) => return Undone::from(error).0,
        }
        match self.close(&url, effect.job.as_ref()).await {
            Ok(pr) => Outcome::Done(json!({ "state": pr.state.word(), "merge": pr.merge, "head": pr.head })),
            Err(error) => Undone::from(error).0,
        }
    }

    async fn settle(&self, tx: &mut dyn Tx, effect: &EffectRecord, learned: &Value) -> Result<(), FlowError> {
        let state = learned.get("state").and_then(Value::as_str).and_then(|word| word.parse().ok());
        let (Some(url), Some(state)) = (named::<PrUrl>(effect, "url"), state) else { return Ok(()) };
        let commit = |name| learned.get(name).and_then(Value::as_str).and_then(|sha| sha.parse().ok());
        let stamp = Stamp { facts: json!({ "effect": effect.row.id }), ..Stamp::of(Actor::System) };
        if let Some(id) = named::<PullRequestId>(effect, "publication") {
            let over = Over { url: url.to_string(), state, merge: commit("merge"), head: commit("head") };
            note_over(&self.app.forges, tx, &id, &over, "closed, because its work is undone", &stamp).await?;
        }
        let Some(job) = &effect.job else { return Ok(()) };
        // A merge calls for a revert.
        let failed = replan_job(&self.app.forges, tx, job).await?;
        match failed.filter(|_| state == ForgeState::Closed) {
            Some(failed) => redelete(tx, &failed, effect, &stamp).await,
            None => Ok(()),
        }
    }
}

impl ClosePr {
    /// Whether work has begun again on its branch since, or is done by now: a try may be late.
    async fn is_taken_up(&self, effect: &EffectRecord) -> Result<bool, FlowError> {
        let Some(id) = named::<PullRequestId>(effect, "publication") else { return Ok(false) };
        let mut tx = self.app.store.read().await?;
        let Some(record) = tx.pull_request(&id).await? else { return Ok(false) };
        let Ok(repo) = RemoteUrl::new(record.repo_url.as_str()) else { return Ok(false) };
        Ok(tx.work_on(&repo, &record.row.branch).await?.open > 0 || !is_undone(&mut *tx, &record).await?)
    }

    /// Closes it if it is open, once it says why.
    async fn close(&self, url: &PrUrl, job: Option<&JobId>) -> Result<Pr, ForgeError> {
        let forge = self.app.forges.at(url)?;
        let pr = forge.get(url).await?;
        if pr.state != ForgeState::Open {
            return Ok(pr);
        }
        if let Some(job) = job {
            forge.comment(url, &format!("sprintgate:closed:{job}"), &closed_because(job)).await?;
        }
        forge.close(url).await
    }
}
