//! Effects that use cases take, end and decide about: of a kind that nothing else here adds.

use async_trait::async_trait;
use serde_json::json;

use super::Failed;
use super::failed::there;
use super::ground::{id, stamp};
use super::shop::Shop;
use crate::domain::effect::{Effect, Kind, LEASE, Pending, Status, TRIES_MAX};
use crate::domain::id::EffectId;
use crate::flow::{Handler, Handlers, Outcome};
use crate::store::{EffectRecord, NewEffect, Of};

struct Closing;

#[async_trait]
impl Handler for Closing {
    fn kind(&self) -> Kind {
        Kind::ClosePr
    }

    async fn perform(&self, _: &EffectRecord) -> Outcome {
        Outcome::Done(json!({}))
    }
}

/// Those of a process that closes pull requests.
pub(super) fn handlers() -> Result<Handlers, Failed> {
    Ok(Handlers::new(id("closer")?).with(Closing))
}

impl Shop {
    /// Adds two effects, the one behind the other; the first. What is left of earlier ones is done away with.
    pub(super) async fn effects(&self, number: usize) -> Result<EffectId, Failed> {
        let (app, person) = (self.process(0)?, self.person()?);
        self.pass(LEASE.0 + 1);
        app.expire_effects().await?;
        for status in [Status::Pending, Status::Retry] {
            let left = self.store.read().await?.effects_in(&self.user, status, 1000).await?;
            for effect in left.iter().filter(|effect| effect.row.kind == Kind::ClosePr) {
                app.dismiss_effect(&person, effect.row.id.as_str(), "it is not needed any more").await?;
            }
        }
        let product = id(&self.product().await?)?;
        let mut tx = self.store.begin().await?;
        tx.hold(Of::Product(&product), None).await?;
        let mut first = None;
        for place in ["first", "next"] {
            let name: EffectId = id(&format!("effect{number:014}{place}"))?;
            let effect = Effect {
                id: name.clone(),
                kind: Kind::ClosePr,
                tries: 0,
                tries_max: TRIES_MAX,
                state: Pending { due_at: tx.now() },
            };
            let new = NewEffect {
                effect,
                product: product.clone(),
                job: None,
                payload: json!({}),
                host: None,
                lane: Some(format!("lane{number:020}")),
                key: None,
            };
            tx.add_effect(&new, &stamp()).await?;
            first.get_or_insert(name);
        }
        tx.commit().await?;
        there("the effect", first)
    }

    /// The same, and takes the first.
    pub(super) async fn effect_taken(&self, number: usize) -> Result<EffectRecord, Failed> {
        self.effects(number).await?;
        there("an effect to take", self.process(0)?.take_effects(&handlers()?, 1).await?.pop())
    }
}
