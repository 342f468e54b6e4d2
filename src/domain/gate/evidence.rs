//! What the server saw when it compared an attempt's commit with its plan.

use crate::domain::commit::CommitId;
use crate::domain::time::Timestamp;
use crate::domain::verify::VerifyResult;

/// A verdict, bound to the commit it judged. Made by the server from git facts, never by an agent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// The verdict.
    pub result: VerifyResult,
    /// The commit that was judged.
    pub commit: CommitId,
    /// When it was judged.
    pub at: Timestamp,
}
