//! The stored form of the publication of a branch.

use super::state::{
    AnyPullRequest, AutoMergeEnabled, BranchPushed, ChecksFailed, Closed, DraftOpened, MergeConflictPaused,
    Merged, Opened, PrOpened, PullRequest, ReadyForReview, State, Unpublished, WaitingForChecks,
};
use super::words::{Event, Status};
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::id::PullRequestId;
use crate::domain::machine::{self, Inconsistent, Stored};
use crate::domain::run::PrStrategy;
use crate::domain::time::Timestamp;

/// What the status-writing statement stores of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which publication.
    pub id: PullRequestId,
    /// `pr_strategy`, frozen.
    pub strategy: PrStrategy,
    /// The branch.
    pub branch: BranchName,
    /// Where it is.
    pub status: Status,
    /// `head_sha`: the last commit that was pushed.
    pub head: Option<CommitId>,
    /// `pr_url`.
    pub url: Option<String>,
    /// Whether the forge is to show a draft; set with the address.
    pub draft: Option<bool>,
    /// Why it waits, failed or was closed.
    pub reason: Option<String>,
    /// `merge_sha`: the commit that the merge made.
    pub merge: Option<CommitId>,
    /// `merged_head_sha`: the last commit of what was merged.
    pub merged_head: Option<CommitId>,
    /// When it was seen to be merged or closed.
    pub finished_at: Option<Timestamp>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

impl Row {
    /// The row of what is true in every state, and the state itself.
    fn bare<S: State>(publication: PullRequest<S>) -> (Self, S) {
        let PullRequest { id, strategy, branch, state } = publication;
        let row = Self {
            id,
            strategy,
            branch,
            status: S::STATUS,
            head: None,
            url: None,
            draft: None,
            reason: None,
            merge: None,
            merged_head: None,
            finished_at: None,
        };
        (row, state)
    }

    fn opened(self, pr: Opened) -> Self {
        let Opened { url, draft, head } = pr;
        Self { head: Some(head), url: Some(url), draft: Some(draft), ..self }
    }
}

impl From<PullRequest<Unpublished>> for Row {
    fn from(publication: PullRequest<Unpublished>) -> Self {
        Self::bare(publication).0
    }
}

impl From<PullRequest<BranchPushed>> for Row {
    fn from(publication: PullRequest<BranchPushed>) -> Self {
        let (row, BranchPushed { head }) = Self::bare(publication);
        Self { head: Some(head), ..row }
    }
}

macro_rules! rows {
    ($($state:ident { $($field:ident: $value:expr),* }),+ $(,)?) => {$(
        impl From<PullRequest<$state>> for Row {
            fn from(publication: PullRequest<$state>) -> Self {
                let (row, $state { pr, $($field),* }) = Self::bare(publication);
                Self { $($field: $value,)* ..row.opened(pr) }
            }
        }
    )+};
}
rows! {
    PrOpened {},
    DraftOpened {},
    WaitingForChecks {},
    AutoMergeEnabled {},
    ReadyForReview {},
    ChecksFailed { reason: Some(reason) },
    MergeConflictPaused { reason: Some(reason) },
    Merged { merge: merge, merged_head: merged_head, finished_at: Some(finished_at) },
    Closed { reason: Some(reason), finished_at: Some(finished_at) },
}

impl TryFrom<Row> for AnyPullRequest {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        super::parse::parse(row)
    }
}
