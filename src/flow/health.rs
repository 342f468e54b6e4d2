//! `health`: whether the database answers, and what waits to be done outside of it.

use jiff::Timestamp as Moment;

use super::fresh::iso;
use super::wire::{EffectsHealth, Health};
use super::{FlowError, Sprintgate};
use crate::domain::effect::Status;
use crate::domain::time::Timestamp;

impl Sprintgate {
    /// Says how the server is. Never fails and asks for no token.
    pub async fn health(&self) -> Health {
        let database = if self.store.schema_version().await.is_ok() { "ok" } else { "down" };
        Health {
            status: "ok".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            time: iso(Timestamp(Moment::now().as_millisecond())),
            database: database.to_owned(),
            effects: self.effects_health().await.ok(),
        }
    }

    async fn effects_health(&self) -> Result<EffectsHealth, FlowError> {
        let mut health = EffectsHealth::default();
        let mut oldest: Option<Timestamp> = None;
        for count in self.store.read().await?.count_effects(None).await? {
            match count.status {
                Status::Pending | Status::Retry => health.waiting += count.effects,
                Status::Running => health.running += count.effects,
                Status::GaveUp => health.gave_up += count.effects,
                Status::Done => {}
            }
            if !matches!(count.status, Status::GaveUp | Status::Done) {
                oldest = Some(oldest.map_or(count.oldest, |known| known.min(count.oldest)));
            }
        }
        Ok(EffectsHealth { oldest_at: oldest.map(iso), ..health })
    }
}
