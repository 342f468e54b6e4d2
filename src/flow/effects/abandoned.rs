//! Gives up what one machine alone can do, when that machine has not taken it for long: it may never come back, and
//! whoever looks shall not take it for something that is about to happen.

use std::collections::BTreeSet;

use super::handler::Handlers;
use super::take::any;
use crate::domain::actor::Actor;
use crate::domain::effect::{AnyEffect, Change as EffectChange, Refusal};
use crate::domain::id::ProductId;
use crate::domain::time::{Millis, Timestamp};
use crate::flow::{FlowError, Sprintgate};
use crate::store::{Change, EffectRecord, Of, Stamp, StoreError, Tx};

/// How long one may be overdue: a week.
const OVERDUE: Millis = Millis::minutes(7 * 24 * 60);
/// Effects that one pass gives up at most.
const BATCH: u32 = 100;

impl Sprintgate {
    /// Gives up effects of kinds that these handlers know and that wait for other machines; how many. A person can have
    /// each tried again.
    pub(super) async fn give_up_abandoned(&self, handlers: &Handlers) -> Result<u32, FlowError> {
        // Most looks find nothing, and shall not take the write lock for it.
        let found = self.abandoned(&mut *self.store.read().await?, handlers, BATCH).await?;
        if found.is_empty() {
            return Ok(0);
        }
        let mut tx = self.store.begin().await?;
        // The products of lanes first, and in their order, as everybody holds them.
        let in_lanes = found.iter().filter(|effect| effect.lane.is_some());
        let products: BTreeSet<&ProductId> = in_lanes.map(|effect| &effect.product).collect();
        for product in &products {
            tx.hold(Of::Product(product), None).await?;
        }
        let mut gave_up = 0;
        for effect in self.abandoned(&mut *tx, handlers, BATCH).await? {
            if effect.lane.is_some() && !products.contains(&effect.product) {
                // overdue since a moment ago
                continue;
            }
            gave_up += u32::from(give_up(&mut *tx, handlers, effect).await?);
        }
        tx.commit().await?;
        Ok(gave_up)
    }

    async fn abandoned(
        &self,
        tx: &mut dyn Tx,
        handlers: &Handlers,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, StoreError> {
        let before = Timestamp(tx.now().0.saturating_sub(OVERDUE.0));
        let mut found = Vec::new();
        for kind in handlers.of.keys() {
            found.extend(tx.abandoned_effects(*kind, &self.settings.host, before, limit).await?);
        }
        Ok(found)
    }
}

/// A try of an effect whose product is held, where it has a lane, that finds that it cannot be done here, and by nobody else.
async fn give_up(tx: &mut dyn Tx, handlers: &Handlers, effect: EffectRecord) -> Result<bool, FlowError> {
    let now = tx.now();
    let started: Result<EffectChange, Refusal> = match any(&effect) {
        Some(AnyEffect::Pending(due)) => {
            due.start(handlers.holder.clone(), now, handlers.lease).map(Into::into)
        }
        Some(AnyEffect::Retry(due)) => {
            due.start(handlers.holder.clone(), now, handlers.lease).map(Into::into)
        }
        _ => return Ok(false),
    };
    let Ok(change) = started else { return Ok(false) };
    let running = EffectRecord { row: change.row().clone(), ..effect };
    tx.apply(Change::Effect(change), &Stamp::of(Actor::System)).await?;
    let Some(AnyEffect::Running(typed)) = any(&running) else { return Ok(false) };
    let host = running.host.as_deref().unwrap_or_default();
    let why = format!("only {host} can do it, and no process there took it for a week after its time");
    let refused: Result<EffectChange, Refusal> = typed.refuse(running.row.tries, &why, now).map(Into::into);
    let Ok(change) = refused else { return Ok(false) };
    tx.apply(Change::Effect(change), &Stamp::of(Actor::System)).await?;
    Ok(true)
}
