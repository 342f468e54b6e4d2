//! Effects.

use crate::domain::effect::{Effect, Kind, Pending, Row, Status};
use crate::domain::id::{EffectId, JobId, ProductId};
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
    /// What it is to be done to: an object with a few small fields, 8000 characters at most; never a secret.
    pub payload: serde_json::Value,
    /// The one machine where it can be done; any, when none is named.
    pub host: Option<String>,
    /// Those of a lane are done one after the other, in the order in which they were added; one without a lane waits for
    /// none. Whoever adds to a lane holds the product.
    pub lane: Option<String>,
    /// By what it is known again, 1 to 400 characters: of those that have the same one, the first is added, whatever
    /// became of it. One without a key is like no other.
    pub key: Option<String>,
}

/// What became of an effect that was to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It was added.
    New,
    /// This one was there before, by its key.
    There(EffectId),
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
    /// The one machine where it can be done.
    pub host: Option<String>,
    /// The lane in which it waits for its turn.
    pub lane: Option<String>,
    /// Whether one before it in its lane is not over.
    pub behind: bool,
    /// When it was decided.
    pub created_at: Timestamp,
}

/// An effect with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectOutcome {
    /// It.
    pub effect: EffectRecord,
    /// By what it is known again, if it is.
    pub key: Option<String>,
    /// What its handler learned, once it is DONE; nothing before, or when that was nothing.
    pub learned: serde_json::Value,
}

/// How many effects there are of a kind in a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectCount {
    /// The status; never DONE.
    pub status: Status,
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub effects: i64,
    /// When the oldest of them was decided.
    pub oldest: Timestamp,
}
