//! Effects.

use crate::domain::effect::{Effect, Pending, Row};
use crate::domain::id::{JobId, ProductId};
use crate::domain::time::Timestamp;

/// An effect to be added.
#[derive(Debug, Clone)]
pub struct NewEffect {
    /// The effect as its machine knows it.
    pub effect: Effect<Pending>,
    /// The product, whose people see it.
    pub product: ProductId,
    /// The job it follows from, if it follows from one.
    pub job: Option<JobId>,
    /// What it is to be done to: an object with a few small fields; never a secret.
    pub payload: serde_json::Value,
}

/// An effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectRecord {
    /// What the machine knows.
    pub row: Row,
    /// The product, whose people see it.
    pub product: ProductId,
    /// The job it follows from, if it follows from one.
    pub job: Option<JobId>,
    /// What it is to be done to.
    pub payload: serde_json::Value,
    /// When it was decided.
    pub created_at: Timestamp,
}
