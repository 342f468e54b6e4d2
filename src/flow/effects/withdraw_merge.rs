//! Has the forge merge a pull request by itself no more.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::at_forge::{About, Undone, open_at, passed_over, publication, settle_end};
use super::handler::{Handler, Outcome};
use crate::domain::effect::Kind;
use crate::domain::machine::Word;
use crate::flow::{FlowError, Sprintgate};
use crate::store::{EffectRecord, Tx};

pub(super) struct WithdrawMerge {
    pub(super) app: Sprintgate,
}

#[async_trait]
impl Handler for WithdrawMerge {
    fn kind(&self) -> Kind {
        Kind::WithdrawAutoMerge
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        self.withdraw(effect).await.unwrap_or_else(|Undone(outcome)| outcome)
    }

    async fn settle(&self, tx: &mut dyn Tx, effect: &EffectRecord, learned: &Value) -> Result<(), FlowError> {
        let Ok(record) = publication(tx, effect).await else { return Ok(()) };
        settle_end(&self.app.forges, tx, &record, learned).await
    }
}

impl WithdrawMerge {
    async fn withdraw(&self, effect: &EffectRecord) -> Result<Outcome, Undone> {
        let about = About::read(&mut *self.app.store.read().await?, effect).await?;
        let row = &about.record.row;
        // It was asked for again at the same commit: that one comes after this in the lane, or is wanted as it is.
        if !about.is_open() || row.status.is_asked() && row.head == about.head {
            return Ok(passed_over(format!("it is {}", row.status.word())));
        }
        let forge = self.app.forges.at(&about.url)?;
        if let Err(ended) = open_at(&forge, &about.url).await? {
            return Ok(ended);
        }
        forge.withdraw(&about.url).await?;
        Ok(Outcome::Done(json!({})))
    }
}
