//! What a forge answers when it is asked to merge.

use crate::domain::commit::CommitId;
use crate::domain::pull_request::MergeRefusal;

/// What came of asking a forge to merge a pull request once its checks pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeAnswer {
    /// It merges when the checks pass.
    Scheduled,
    /// It is merged, by this commit if that was said.
    Merged(Option<CommitId>),
    /// The pull request is at another commit than the one that was asked for, at this one if that was said. Nothing is
    /// scheduled.
    HeadMoved(Option<CommitId>),
    /// It will not, in these words of its own. A conflict is a hint and no verdict: forges also say it while they are
    /// still looking, so that whoever asks looks for files in conflict himself.
    Refused(MergeRefusal, String),
}
