//! Health and the length of the queue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::EffectsHealth;

/// The answer of `health`; it never fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct Health {
    /// Always `ok`.
    pub status: String,
    /// The program's version.
    pub version: String,
    /// Now, ISO 8601.
    pub time: String,
    /// `ok` or `down`.
    pub database: String,
    /// What is to be done outside of the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<EffectsHealth>,
}

/// The answer of `check_queue_empty`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct QueueAnswer {
    /// No job is QUEUED, CLAIMED or RUNNING.
    pub empty: bool,
    /// Jobs that are QUEUED, CLAIMED or RUNNING.
    pub remaining: i64,
    /// QUEUED jobs that can be claimed now.
    pub claimable: i64,
    /// `remaining` per product; only when no product was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_product: Option<BTreeMap<String, i64>>,
}
