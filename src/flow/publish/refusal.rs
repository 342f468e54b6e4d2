//! Why something about pull requests did not happen.

use serde_json::{Value, json};

/// Why something about pull requests did not happen. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrRefusal {
    /// Text that is not the address of a pull request.
    #[error("`pr_url` is {why}")]
    BadUrl {
        /// The rule that it breaks.
        why: String,
    },
    /// The operator does not list the host, so that it is never spoken to.
    #[error("`pr_url` is at {host}, which is none of the forges that are configured here")]
    NotListed {
        /// The host.
        host: String,
        /// Those that are.
        listed: Vec<String>,
    },
    /// No forge of a repository is listed, so that nobody could open pull requests there.
    #[error("no forge of {repository} is configured here")]
    NoForge {
        /// The repository.
        repository: String,
        /// The hosts that are.
        listed: Vec<String>,
    },
    /// The backlog item has no pull request that could be merged.
    #[error("backlog item {pbi} has no pull request")]
    NoPr {
        /// The backlog item.
        pbi: String,
    },
    /// The run waits for nobody.
    #[error("run {run} is {status} and waits for nobody")]
    NotPaused {
        /// The run.
        run: String,
        /// Where it is.
        status: String,
    },
}

impl PrRefusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadUrl { .. } => "PR_URL_INVALID",
            Self::NotListed { .. } | Self::NoForge { .. } => "FORGE_NOT_CONFIGURED",
            Self::NoPr { .. } => "PR_MISSING",
            Self::NotPaused { .. } => "RUN_NOT_PAUSED",
        }
    }

    /// What the caller may do next.
    pub(in crate::flow) fn legal_next(&self) -> Vec<&'static str> {
        match self {
            Self::NoPr { .. } => vec!["set_pbi_pr"],
            _ => Vec::new(),
        }
    }

    /// The facts that were read.
    pub(in crate::flow) fn facts(&self) -> Value {
        match self {
            Self::BadUrl { .. } => json!({ "field": "pr_url" }),
            Self::NotListed { host, listed } => json!({ "field": "pr_url", "host": host, "listed": listed }),
            Self::NoForge { repository, listed } => {
                json!({ "field": "auto_pr", "repository": repository, "listed": listed })
            }
            Self::NoPr { pbi } => json!({ "pbi_id": pbi }),
            Self::NotPaused { run, status } => json!({ "run_id": run, "status": status }),
        }
    }
}
