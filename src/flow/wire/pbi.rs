//! The pull request of a backlog item.

use serde::{Deserialize, Serialize};

/// The answer of `set_pbi_pr`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct PbiPr {
    /// That it was noted.
    pub ok: bool,
    /// The backlog item.
    pub pbi_id: String,
    /// Its pull request, as its forge spells the address.
    pub pr_url: String,
}

/// The answer of `mark_pbi_pr_merged`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "mcp", derive(schemars::JsonSchema))]
pub struct PbiPrMerged {
    /// That it was noted.
    pub ok: bool,
    /// The backlog item.
    pub pbi_id: String,
    /// Its pull request.
    pub pr_url: String,
    /// When it was noted as merged, ISO 8601.
    pub pr_merged_at: String,
}
