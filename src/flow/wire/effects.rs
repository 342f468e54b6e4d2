//! Effects, as programs and people see them.

use serde::{Deserialize, Serialize};

use super::HistoryLine;

/// An effect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EffectView {
    /// Its id, by which the other side knows a repetition.
    pub effect_id: String,
    /// What it does.
    pub kind: String,
    /// Where it is.
    pub status: String,
    /// What keeps it from being tried here and now; nothing when it is due or over.
    pub waits_for: Option<String>,
    /// The product.
    pub product_id: String,
    /// The job it follows from.
    pub job_id: Option<String>,
    /// The one machine where it can be done.
    pub host: Option<String>,
    /// The lane in which it waits for its turn.
    pub lane: Option<String>,
    /// Tries so far.
    pub tries: u32,
    /// The number of the last try it gets.
    pub tries_max: u32,
    /// Not to be tried before, ISO 8601.
    pub due_at: Option<String>,
    /// The process that tries it.
    pub holder: Option<String>,
    /// The end of that one's lease, ISO 8601.
    pub lease_until: Option<String>,
    /// What the last try met.
    pub error: Option<String>,
    /// Why nobody tries it any more: `spent`, `refused` or `dismissed`.
    pub gave_up_why: Option<String>,
    /// The person who gave up on it.
    pub dismissed_by: Option<String>,
    /// Why, in their words.
    pub dismiss_reason: Option<String>,
    /// When it was decided, ISO 8601.
    pub created_at: String,
    /// How long ago that was.
    pub age_seconds: i64,
    /// When it was done or given up, ISO 8601.
    pub finished_at: Option<String>,
}

/// How many effects there are of a kind in a status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EffectTally {
    /// The status.
    pub status: String,
    /// The kind.
    pub kind: String,
    /// How many.
    pub effects: i64,
    /// When the oldest of them was decided, ISO 8601.
    pub oldest_at: String,
    /// How long ago that was.
    pub oldest_age_seconds: i64,
}

/// The answer of `effects list`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Effects {
    /// The newest that fit, newest first.
    pub result: Vec<EffectView>,
    /// All that are not DONE, counted.
    pub counts: Vec<EffectTally>,
}

/// The answer of `effects show`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EffectDetail {
    /// The effect.
    #[serde(flatten)]
    pub effect: EffectView,
    /// What it is to be done to.
    pub payload: serde_json::Value,
    /// Its ledger rows, first to last.
    pub history: Vec<HistoryLine>,
    /// The events that are legal now.
    pub legal_next: Vec<String>,
}

/// The answer of `effects retry --all-given-up`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RetriedEffects {
    /// How many are tried again.
    pub retried: u64,
    /// Why others are not; at most 100 are told.
    pub refused: Vec<String>,
    /// How many others there are.
    pub refused_total: u64,
}

/// Effects in the answer of `health`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct EffectsHealth {
    /// Wait for a try.
    pub waiting: i64,
    /// Are tried.
    pub running: i64,
    /// Were given up, until a person decides.
    pub gave_up: i64,
    /// When the oldest that waits or is tried was decided, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_at: Option<String>,
}
