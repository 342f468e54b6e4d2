//! Takes what is due, and gives up for dead who held one too long.

use super::handler::Handlers;
use crate::domain::actor::Actor;
use crate::domain::effect::{AnyEffect, Change as EffectChange, Refusal};
use crate::flow::{FlowError, Sprintgate};
use crate::store::{Change, EffectRecord, Stamp, StoreError, Tx};

/// Effects whose process is gone that one pass takes back at most.
const EXPIRED: u32 = 100;

impl Sprintgate {
    /// Begins tries of effects that are due and that these handlers can do on this machine, the first due first, at most
    /// `limit`.
    pub(crate) async fn take_effects(
        &self,
        handlers: &Handlers,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, FlowError> {
        // Most looks find nothing, and shall not take the write lock for it.
        if self.due(&mut *self.store.read().await?, handlers, 1).await?.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.store.begin().await?;
        let mut taken = Vec::new();
        for effect in self.due(&mut *tx, handlers, limit).await? {
            let (holder, now) = (handlers.holder.clone(), tx.now());
            let started: Result<EffectChange, Refusal> = match any(&effect) {
                Some(AnyEffect::Pending(due)) => due.start(holder, now, handlers.lease).map(Into::into),
                Some(AnyEffect::Retry(due)) => due.start(holder, now, handlers.lease).map(Into::into),
                _ => continue,
            };
            let Ok(change) = started else { continue };
            let row = change.row().clone();
            tx.apply(Change::Effect(change), &Stamp::of(Actor::System)).await?;
            taken.push(EffectRecord { row, ..effect });
        }
        tx.commit().await?;
        Ok(taken)
    }

    async fn due(
        &self,
        tx: &mut dyn Tx,
        handlers: &Handlers,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, StoreError> {
        let mut due = Vec::new();
        for kind in handlers.of.keys() {
            for host in [None, Some(self.settings.host.as_str())] {
                due.extend(tx.due_effects(*kind, host, limit).await?);
            }
        }
        due.sort_by(|one, other| (one.row.due_at, &one.row.id).cmp(&(other.row.due_at, &other.row.id)));
        due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(due)
    }

    /// Takes effects of any kind from processes that gave no sign of life; how many.
    pub(crate) async fn expire_effects(&self) -> Result<u32, FlowError> {
        if self.store.read().await?.expired_effects(1).await?.is_empty() {
            return Ok(0);
        }
        let mut tx = self.store.begin().await?;
        let mut expired = 0;
        for effect in tx.expired_effects(EXPIRED).await? {
            let Some(AnyEffect::Running(running)) = any(&effect) else { continue };
            let Ok(moved) = running.expire(tx.now()) else { continue };
            let facts = serde_json::json!({ "holder": effect.row.holder, "try": effect.row.tries });
            tx.apply(Change::Effect(moved.into()), &Stamp { facts, ..Stamp::of(Actor::System) }).await?;
            expired += 1;
        }
        tx.commit().await?;
        Ok(expired)
    }
}

/// The typed effect; nothing for a row that no move could have written, which shall keep no other waiting.
pub(super) fn any(effect: &EffectRecord) -> Option<AnyEffect> {
    AnyEffect::try_from(effect.row.clone())
        .inspect_err(|error| tracing::error!(effect = %effect.row.id, %error, "an effect cannot be tried"))
        .ok()
}
