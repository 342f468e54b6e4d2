//! What is to be done outside of the database.

use async_trait::async_trait;

use crate::domain::id::EffectId;
use crate::store::{EffectRecord, NewEffect, Stamp, StoreError};

/// Effects.
#[async_trait]
pub trait Effects {
    /// Adds an effect, PENDING.
    async fn add_effect(&mut self, new: &NewEffect, stamp: &Stamp) -> Result<(), StoreError>;
    /// An effect. In a transaction that writes, its row is locked.
    async fn effect(&mut self, id: &EffectId) -> Result<Option<EffectRecord>, StoreError>;
}
